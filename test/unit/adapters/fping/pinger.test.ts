import { describe, expect, it } from 'vitest';
import { parsePing } from '../../../../src/adapters/fping/ping-each.js';
import { openPinger } from '../../../../src/adapters/fping/pinger.js';
import type { Run } from '../../../../src/platform/exec.js';

/** An fping that answers for the hosts that are up, and keeps what it was asked. */
function fakeFping(up: ReadonlySet<string>): { run: Run; asked: string[][] } {
  const asked: string[][] = [];
  const run: Run = async (program, args, options) => {
    if (program !== 'fping' || args.slice(-2).join(' ') !== '-f -') throw new Error(`unknown: ${program}`);
    const targets = (options?.input ?? '').trimEnd().split('\n');
    asked.push(targets);
    const lines = targets.map((target) => `${target} : ${up.has(target) ? '1.0 3.0' : '- -'}`);
    return { stdout: '', stderr: lines.join('\n'), exitCode: targets.every((t) => up.has(t)) ? 0 : 1 };
  };
  return { run, asked };
}

describe('openPinger', () => {
  it('asks for all targets at once, each once', async () => {
    const { run, asked } = fakeFping(new Set(['192.0.2.1', 'fe80::1%wg_1']));
    const results = await openPinger({ run }).ping(['192.0.2.1', 'fe80::1%wg_1', '192.0.2.1', '192.0.2.2']);
    expect(asked).toEqual([['192.0.2.1', 'fe80::1%wg_1', '192.0.2.2']]);
    expect(Object.fromEntries(results)).toEqual({
      '192.0.2.1': { rttMs: 1, loss: 0 },
      'fe80::1%wg_1': { rttMs: 1, loss: 0 },
      '192.0.2.2': { rttMs: undefined, loss: 1 },
    });
  });

  it('runs no command without targets', async () => {
    const { run, asked } = fakeFping(new Set());
    expect((await openPinger({ run }).ping([])).size).toBe(0);
    expect(asked).toEqual([]);
  });

  it('counts a target that is no address as lost, without pinging it', async () => {
    const { run, asked } = fakeFping(new Set());
    const odd = ['example.net', '-h', '192.0.2.1/24', 'fe80::1%a b', 'fe80::1%x\n10.0.0.1', ' 10.0.0.1', ''];
    const results = await openPinger({ run }).ping(odd);
    expect(asked).toEqual([]);
    expect([...results.values()].every(({ loss }) => loss === 1)).toBe(true);
    expect(results.size).toBe(odd.length);
  });
});

describe('parsePing', () => {
  const line = (sequence: number, rtt: string, rest = '') =>
    `64 bytes from fe80::1%wg_1: icmp_seq=${sequence} ttl=64 time=${rtt} ms${rest}`;

  it('takes the median of the answers, and counts what is missing', () => {
    const text = ['PING fe80::1%wg_1(fe80::1%wg_1) 56 data bytes', line(1, '250'), line(3, '0.052')].join(
      '\n',
    );
    expect(parsePing(text, 3, 1000)).toEqual({ rttMs: 0.052, loss: 1 - 2 / 3 });
  });

  it('counts neither a second answer nor a late one', () => {
    const text = [line(1, '2.00'), line(1, '9.00', ' (DUP!)'), line(2, '1001')].join('\n');
    expect(parsePing(text, 2, 1000)).toEqual({ rttMs: 2, loss: 0.5 });
  });

  it('takes an error for no answer', () => {
    const text = 'From 192.0.2.1 icmp_seq=1 Destination Host Unreachable\n';
    expect(parsePing(text, 1, 1000)).toEqual({ rttMs: undefined, loss: 1 });
  });
});
