import { describe, expect, it } from 'vitest';
import { openLinks } from '../../../../src/adapters/iproute2/links.js';
import { ProgramError, type Run } from '../../../../src/platform/exec.js';

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

  /** Changes of many links by an `ip` that does not end while `isLate` says so; how many links each batch changes. */
  async function many(count: number, listeners: number, isLate: (batch: number) => boolean = () => false) {
    const batches: number[] = [];
    const run: Run = async (_, __, options) => {
      batches.push((options?.input ?? '').trimEnd().split('\n').length);
      const facts = { program: 'ip', exitCode: undefined, stderr: '', missing: false, isLate: true };
      if (isLate(batches.length))
        throw new ProgramError({ ...facts, message: 'ip: did not finish within 1 s' });
      return { stdout: '', stderr: '', exitCode: 0 };
    };
    const links = openLinks({ run, listeners: { settle: async () => listeners } });
    const changes = Array.from({ length: count }, (_, index) => ({ interface: `wg_${index}`, mtu: 1400 }));
    return { batches, failures: await links.apply(changes) };
  }

  it('changes many at once in the kernel, and few where each wireguard-go is told', async () => {
    expect((await many(1_000, 0)).batches).toEqual([300, 300, 300, 100]);
    expect((await many(50, 1)).batches).toEqual([20, 20, 10]);
  });

  it('goes on after a batch that takes too long, and gives up after two in a row', async () => {
    const once = await many(60, 1, (batch) => batch === 2);
    expect(once.batches).toEqual([20, 20, 20]);
    expect([...once.failures.keys()]).toEqual(Array.from({ length: 20 }, (_, index) => `wg_${20 + index}`));
    expect(once.failures.get('wg_20')).toBe('ip: did not finish within 1 s');

    const { batches, failures } = await many(80, 1, (batch) => batch > 1);
    expect(batches).toEqual([20, 20, 20]);
    expect([failures.size, failures.get('wg_79')]).toEqual([
      60,
      'not tried, because ip did not finish the changes before; the agent tries again at a later pass',
    ]);
  });
});
