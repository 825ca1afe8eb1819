import { describe, expect, it } from 'vitest';
import type { Adoption } from '../../../src/shell/operations/adopt.js';
import { goodStatus } from '../../fakes/node-status.js';
import { commandLine } from './command-line.js';

const { cli } = commandLine();

describe('adopt', () => {
  const adoption: Adoption = {
    items: [
      {
        kind: 'interface',
        name: 'dn42_4242421080',
        why: 'it has 2 peers',
        effect: 'it is set as it should be',
      },
      { kind: 'protocol', name: 'mine', why: 'nobody knows it', effect: 'the agent ends its session' },
    ],
    leftAlone: ['interface dn42_x: it is not a WireGuard interface'],
  };
  const daemon = {
    status: goodStatus,
    resync: { ok: true, changes: ['write bird.conf'], errors: [] },
    adoption,
  };

  it('only shows what it would take, and why the agent left it alone', async () => {
    const { exitCode, out, calls } = await cli('adopt', { daemon });
    expect([exitCode, calls]).toEqual([2, []]);
    expect(out).toBe(`2 things to adopt
  interface dn42_4242421080
      left alone because it has 2 peers
      it is set as it should be
  protocol mine
      left alone because nobody knows it
      the agent ends its session
left alone: interface dn42_x: it is not a WireGuard interface

The agent changed nothing. To take it over: moenet-agent adopt --yes
`);
  });

  it('takes it with --yes, and says what was done', async () => {
    const { exitCode, out, calls } = await cli('adopt --yes', { daemon });
    expect([exitCode, calls]).toEqual([0, ['ask adopt {}']]);
    expect(out).toContain('made 1 change\n  write bird.conf\n');
  });

  it('does so by itself where no daemon is running', async () => {
    const result = await cli('adopt --yes', {
      adoption,
      once: { ok: false, changes: [], errors: ['BIRD is away'] },
    });
    expect(result).toMatchObject({
      exitCode: 1,
      calls: ['alone adoption {} info', 'ask adopt {}', 'alone adopt {} info'],
    });
    expect(result.err).toBe('moenet-agent: BIRD is away\n');
  });

  it('does nothing where there is nothing to take', async () => {
    const { exitCode, out, calls } = await cli('adopt --yes');
    expect([exitCode, out, calls]).toEqual([0, 'nothing to adopt\n', ['alone adoption {} info']]);
  });

  it.each([
    ['adopt --json', adoption],
    ['adopt --yes --json', daemon.resync],
  ])('%s prints one document', async (line, document) => {
    expect(JSON.parse((await cli(line, { daemon })).out)).toEqual(document);
  });
});
