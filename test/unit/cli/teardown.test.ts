import { describe, expect, it } from 'vitest';
import type { TeardownDocument } from '../../../src/wire/teardown.js';
import { commandLine, nothing } from './command-line.js';

const { cli } = commandLine();

const found: TeardownDocument = {
  ...nothing,
  items: [
    { kind: 'BIRD file', name: 'bird.conf', effect: 'replaced by bird.conf.orig' },
    { kind: 'tunnel', name: 'wg_24001', effect: 'removed; it is of session abc\u001b[2J' },
  ],
  stays: [{ path: '/var/lib/moenet-agent', what: 'state of the agent' }],
  notes: ['there is no stored answer'],
};
const done: TeardownDocument = { ...found, changes: ['tunnel wg_24001: removed'] };
const failed: TeardownDocument = { ...found, ok: false, errors: ['BIRD refuses it'] };

describe('teardown', () => {
  it('shows what it would remove, what stays, and how to go on', async () => {
    const { exitCode, out, calls } = await cli('teardown', { teardown: found });
    expect([exitCode, calls]).toEqual([2, ['teardown false']]);
    expect(out).toBe(`2 things to remove
  BIRD file bird.conf: replaced by bird.conf.orig
  tunnel wg_24001: removed; it is of session abc [2J
stays:
  /var/lib/moenet-agent (state of the agent)
note: there is no stored answer

The agent changed nothing. To remove it:
  systemctl disable --now moenet-agent
  moenet-agent teardown --yes
`);
  });

  it('removes it with --yes, and says what was done', async () => {
    const { exitCode, out, calls } = await cli('teardown --yes', { teardown: done });
    expect([exitCode, calls]).toEqual([0, ['teardown true']]);
    expect(out).toContain('made 1 change\n  tunnel wg_24001: removed\nstays:\n');
    expect(out).not.toContain('To remove it');
  });

  it('fails where part of it could not be removed, and says why', async () => {
    const { exitCode, out, err } = await cli('teardown --yes', { teardown: failed });
    expect([exitCode, err]).toEqual([1, 'moenet-agent: BIRD refuses it\n']);
    expect(out).toContain('nothing was changed\n');
  });

  it.each(['teardown', 'teardown --yes'])('%s is content where there is nothing', async (line) => {
    expect(await cli(line)).toMatchObject({ exitCode: 0, out: 'nothing to remove\n' });
  });

  it('stays within the width of a terminal', async () => {
    const { out } = await cli('teardown', { teardown: found, columns: 30 });
    expect(out.split('\n').filter((line) => line.length > 30)).toEqual([]);
    expect(out).toContain('  tunnel wg_24001: removed;\n    it is of session abc [2J\n');
  });

  it('prints one document with --json', async () => {
    expect(JSON.parse((await cli('teardown --json', { teardown: found })).out)).toEqual(found);
  });
});
