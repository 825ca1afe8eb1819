import { expect, it } from 'vitest';
import { parseConfig } from '../../../src/adapters/control-plane/parse/parse-config.js';
import { autoUpdateNotes } from '../../../src/wire/open-node.js';

const notesOn = (autoUpdate: unknown) => autoUpdateNotes(parseConfig({ node: {}, autoUpdate }));

it('automatic updates that the control plane wants are said not to happen, with the channel', () => {
  expect(
    notesOn({ enabled: true, checkInterval: 60, channel: 'stable', githubRepo: 'example/agent' }),
  ).toEqual([
    'the control plane wants automatic updates (channel stable): the agent does not replace itself; update its package',
  ]);
  expect(notesOn({ enabled: true })).toEqual([
    'the control plane wants automatic updates: the agent does not replace itself; update its package',
  ]);
});

it.each([undefined, null, { enabled: false, channel: 'stable' }])(
  'there is nothing to say of %j',
  (autoUpdate) => {
    expect(notesOn(autoUpdate)).toEqual([]);
  },
);
