import { describe, expect, it } from 'vitest';
import { makeFakeHost } from '../../../src/lab/simulated/machine/fake-host.js';
import { limitHost } from '../../../src/shell/limited-host.js';

const limits = { readMs: 30, changeMs: 60, commitMs: 90, takeBackMs: 40 };

function hang(): { readonly work: () => Promise<never>; fail(): void; calls: number } {
  let fail = () => {};
  const hanging = {
    calls: 0,
    work: () => {
      hanging.calls += 1;
      return new Promise<never>((_, reject) => {
        fail = () => reject(new Error('the disk is back, and bad'));
      });
    },
    fail: () => fail(),
  };
  return hanging;
}

function limitedHost(of = limits) {
  const host = makeFakeHost();
  const steps: string[] = [];
  const limited = limitHost(
    host,
    async (name, work) => {
      try {
        return await work();
      } finally {
        steps.push(name);
      }
    },
    of,
  );
  return { host, limited, steps };
}

describe('work on the machine that does not end', () => {
  it('ends with an error that says what hangs', async () => {
    const { host, limited, steps } = limitedHost();
    host.bird.readFiles = hang().work;
    await expect(limited.bird.readFiles()).rejects.toThrow("reading BIRD's files: no result within");
    expect(steps).toEqual(["reading BIRD's files"]);
  });

  it('is not begun once more beside itself, until it ends', async () => {
    const { host, limited } = limitedHost();
    const disk = hang();
    const { readFiles } = host.bird;
    host.bird.readFiles = disk.work;
    await expect(limited.bird.readFiles()).rejects.toThrow('no result within');
    await expect(limited.bird.readFiles()).rejects.toThrow('no result within');
    expect(disk.calls).toBe(1);
    disk.fail();
    await new Promise(setImmediate);
    host.bird.readFiles = readFiles;
    expect(await limited.bird.readFiles()).toEqual(new Map());
  });

  it('keeps neither other reads nor other changes from being made', async () => {
    const { host, limited } = limitedHost();
    host.bird.commit = hang().work;
    await expect(limited.bird.commit([], [])).rejects.toThrow("changing BIRD's files: no result within");
    await expect(limited.bird.check([], [])).rejects.toThrow("changing BIRD's files: no result within");
    expect(await limited.bird.readFiles()).toEqual(new Map());
    expect(await limited.links.observe()).toHaveLength(2);
  });

  it('has a limited time to undo what it began after a signal', async () => {
    const { host, limited } = limitedHost({ ...limits, commitMs: 60_000 });
    const cutOff = new AbortController();
    host.bird.commit = hang().work;
    const committed = limited.bird.commit([], [], cutOff.signal);
    const startedMs = performance.now();
    cutOff.abort(new Error('cut off'));
    await expect(committed).rejects.toThrow('cut off');
    const tookMs = performance.now() - startedMs;
    expect(tookMs).toBeGreaterThan(30);
    expect(tookMs).toBeLessThan(10_000);
  });

  it('passes results and failures on that come in time', async () => {
    const { host, limited } = limitedHost();
    host.breaks.set('links.observe', new Error('ip: not installed'));
    await expect(limited.links.observe()).rejects.toThrow('ip: not installed');
    host.breaks.clear();
    expect(await limited.links.observe()).toHaveLength(2);
  });
});

it('a table of ports that cannot be read in time is no reason to do nothing', async () => {
  const { host, limited } = limitedHost();
  host.udpPorts.holders = hang().work;
  expect(await limited.udpPorts.holders([24_001])).toEqual(new Map());
});
