import { describe, expect, it } from 'vitest';
import { openLinks } from '../../../../src/adapters/iproute2/links.js';
import type { Run } from '../../../../src/platform/exec.js';

/** An `ip` that keeps what each batch line set, and knows no command but `link set dev X mtu N`. */
function fakeIp(mtus: Map<string, number>): Run {
  return async (program, args, options) => {
    if ([program, ...args].join(' ') !== 'ip -force -batch -') throw new Error(`unknown: ${program} ${args}`);
    const stderr = (options?.input ?? '')
      .trimEnd()
      .split('\n')
      .flatMap((line, index) => {
        const match = /^link set dev (\S+) mtu (\d+)$/.exec(line);
        if (!match?.[1] || !mtus.has(match[1])) return [`Cannot find device\nCommand failed -:${index + 1}`];
        mtus.set(match[1], Number(match[2]));
        return [];
      });
    return { stdout: '', stderr: stderr.join('\n'), exitCode: stderr.length > 0 ? 1 : 0 };
  };
}

describe('openLinks', () => {
  it('refuses an impossible change alone and makes the others', async () => {
    const mtus = new Map([['wg_1', 1420]]);
    const failures = await openLinks({ run: fakeIp(mtus) }).apply([
      { interface: 'bad name', mtu: 1400 },
      { interface: 'wg_2', mtu: 1400 },
      { interface: 'wg_1', mtu: 1400 },
    ]);
    expect(mtus.get('wg_1')).toBe(1400);
    expect(Object.fromEntries(failures)).toEqual({
      'bad name': '"bad name" is not a name for an interface',
      wg_2: 'Cannot find device',
    });
  });

  it('runs no command where there is nothing to do', async () => {
    const run: Run = () => Promise.reject(new Error('nothing was to be run'));
    expect((await openLinks({ run }).apply([])).size).toBe(0);
    expect((await openLinks({ run }).apply([{ interface: 'wg_1' }])).size).toBe(0);
  });
});
