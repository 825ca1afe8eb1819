import { expect, it } from 'vitest';
import type { DesiredSession } from '../../../../src/core/desired/sessions.js';
import { describeDown, viewSession } from '../../../../src/core/verdict/session-view.js';
import { makeProtocol } from '../../../../src/lab/simulated/machine/fake-bird.js';
import { makeObserved, makeSession } from '../../make.js';

const item = {
  session: makeSession(),
  tunnel: { interface: 'wg_24001', peer: { publicKey: 'none' } },
  protocol: 'dn42_4242421080',
} as unknown as DesiredSession;

function view(...channels: { imported: number; exported: number }[]) {
  const protocol = {
    ...makeProtocol('dn42_4242421080', 'bgp'),
    channels: channels.map((routes) => ({ name: 'ipv4', state: 'UP', routes })),
  };
  return viewSession(
    item,
    makeObserved({ bird: { running: true, version: '', protocols: [protocol] } } as never),
  );
}

it('counts the routes of all channels', () => {
  const { routesImported, routesExported } = view({ imported: 3, exported: 1 }, { imported: 4, exported: 5 });
  expect([routesImported, routesExported]).toEqual([7, 6]);
});

it('says of a session that BIRD does not have that it does not run', () => {
  expect(describeDown({ protocol: undefined, peer: undefined })).toBe(
    'BGP is not established: not running, the tunnel never had a handshake',
  );
});
