import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Namespace, openNamespace } from '../../../../src/lab/namespace.js';
import type { Bird } from '../../../../src/shell/ports/bird.js';
import { file, makeRealBird, names, type RealBird, tree } from '../routers/real-bird.js';

const main = file(
  'bird.conf',
  'router id 192.0.2.1;\nprotocol device { }\ninclude "moenet-agent/*.conf";\ninclude "peers/*.conf";\n',
);
const peer = (name: string) =>
  file(`peers/${name}.conf`, `protocol static ${name} { ipv4; route 172.20.0.0/24 blackhole; }\n`);

let namespace: Namespace;
let real: RealBird;
let bird: Bird;

beforeEach(async () => {
  namespace = await openNamespace('bird-gate');
  real = await makeRealBird(namespace);
  await real.put('bird.conf', 'router id 192.0.2.1;\nprotocol device { }\n');
  await real.start();
  bird = real.open('full');
  await bird.commit([main, peer('one')], []);
});

afterEach(async () => {
  await real.close();
  await namespace.close();
});

/** Not what the agent keeps for the length of a change. */
const isConfiguration = ([path]: readonly [string, string]) => !path.startsWith('.moenet-agent.');

describe('a commit with a health gate', () => {
  it('is confirmed where nothing is wrong: it is not undone later', async () => {
    let seen: readonly string[] = [];
    const gate = async () => {
      seen = names(await bird.observe());
      return undefined;
    };
    expect(await bird.commit([peer('two')], [], undefined, { gate })).toEqual({ kind: 'loaded' });
    expect(seen).toEqual(['device1', 'one', 'two']);
    const { stdout } = await namespace.run('birdc', ['-s', real.controlSocket, 'configure confirm'], {
      okExitCodes: [0, 1],
    });
    expect(stdout).toContain('Nothing to do');
  });

  it('keeps the previous files in place until the gate passes: a BIRD that starts in between reads those', async () => {
    const before = await tree(real.configDir);
    let during: Record<string, string> = {};
    const gate = async () => {
      during = Object.fromEntries(Object.entries(await tree(real.configDir)).filter(isConfiguration));
      return undefined;
    };
    expect(await bird.commit([main, peer('two')], ['peers/one.conf'], undefined, { gate })).toEqual({
      kind: 'loaded',
    });
    expect(during).toEqual(before);
    await real.stop();
    await real.start();
    expect(names(await bird.observe())).toEqual(['device1', 'two']);
  });

  it('is undone where the gate finds a fault: BIRD runs its previous configuration, also after a restart', async () => {
    const before = await tree(real.configDir);
    const gate = async () => 'dn42_1 went down with it';
    expect(await bird.commit([peer('two')], ['peers/one.conf'], undefined, { gate })).toEqual({
      kind: 'rejected',
      message: 'dn42_1 went down with it',
      file: undefined,
      undone: true,
    });
    expect(names(await bird.observe())).toEqual(['device1', 'one']);
    expect(await tree(real.configDir)).toEqual(before);
    await real.stop();
    await real.start();
    expect(names(await bird.observe())).toEqual(['device1', 'one']);
  });

  it.each(['configure undo', 'configure'])(
    'is no success where %s came in between, and may be tried again',
    async (command) => {
      const before = await tree(real.configDir);
      const gate = async () => {
        await namespace.run('birdc', ['-s', real.controlSocket, command]);
        return undefined;
      };
      await expect(bird.commit([peer('two')], [], undefined, { gate })).rejects.toThrow(
        'did not confirm its new configuration',
      );
      expect(await tree(real.configDir)).toEqual(before);
      expect(await bird.commit([peer('two')], [], undefined, { gate: async () => undefined })).toEqual({
        kind: 'loaded',
      });
      expect(names(await bird.observe())).toEqual(['device1', 'one', 'two']);
    },
  );

  it('without any change of a file is confirmed, too', async () => {
    expect(await bird.commit([], [], undefined, { gate: async () => undefined })).toEqual({ kind: 'loaded' });
  });

  it('is undone where the gate itself fails', async () => {
    const gate = () => Promise.reject(new Error('no memory'));
    await expect(bird.commit([peer('two')], [], undefined, { gate })).rejects.toThrow('no memory');
    expect(names(await bird.observe())).toEqual(['device1', 'one']);
  });
});

it('a check says what BIRD says, and changes nothing', async () => {
  const before = await tree(real.configDir);
  expect(await bird.check([peer('two')], [])).toBeUndefined();
  expect(await bird.check([file('peers/two.conf', 'nonsense;\n')], [])).toMatchObject({
    kind: 'rejected',
    file: 'peers/two.conf',
  });
  expect(await tree(real.configDir)).toEqual(before);
});

describe('after an agent that was killed before it could confirm a change', () => {
  /** Leaves a change as a process does that ends while it looks at what the change led to. */
  async function interrupt(change: Promise<unknown>, isLooking: Promise<void>): Promise<void> {
    change.catch(() => {});
    await isLooking;
  }

  /** A gate that never comes to an end. */
  function endless() {
    let look: () => void = () => {};
    const isLooking = new Promise<void>((resolve) => {
      look = resolve;
    });
    const gate = () => {
      look();
      return new Promise<undefined>(() => {});
    };
    return { gate, isLooking };
  }

  it.each(['that runs on', 'that was started again'])(
    'files and BIRD, one %s, are as they were, and nothing is left to be undone',
    async (which) => {
      await real.put('bird.conf', 'router id 192.0.2.1;\nprotocol device { }\n');
      const before = await tree(real.configDir);
      const { gate, isLooking } = endless();
      await interrupt(bird.commit([main, peer('two')], ['peers/one.conf'], undefined, { gate }), isLooking);
      expect(names(await bird.observe())).toEqual(['device1', 'two']);
      if (which === 'that was started again') {
        await real.stop();
        await real.start();
        // It has read its files, which are still the former ones.
        expect(names(await bird.observe())).toEqual(['device1']);
      }
      const next = real.open('full');
      expect((await next.recover()).toSorted()).toEqual(['bird.conf', 'peers/one.conf', 'peers/two.conf']);
      expect(names(await next.observe())).toEqual(['device1']);
      const { stdout } = await namespace.run('birdc', ['-s', real.controlSocket, 'configure confirm'], {
        okExitCodes: [0, 1],
      });
      expect(stdout).toContain('Nothing to do');
      expect(await next.recover()).toHaveLength(3);
      await next.endRecovery();
      expect(await next.recover()).toEqual([]);
      expect(await tree(real.configDir)).toEqual(before);
    },
  );

  it('no other change is made before that one is undone', async () => {
    const { gate, isLooking } = endless();
    await interrupt(bird.commit([peer('two')], [], undefined, { gate }), isLooking);
    const next = real.open('full');
    await expect(next.commit([peer('three')], [])).rejects.toThrow('must first undo an earlier change');
    await next.recover();
    await next.endRecovery();
    expect(await next.commit([peer('three')], [])).toEqual({ kind: 'loaded' });
    expect(names(await next.observe())).toEqual(['device1', 'one', 'three']);
  });

  it('the candidate of a change that did not begin is removed, and nothing else', async () => {
    const before = await tree(real.configDir);
    await real.put('.moenet-agent.staged/bird.conf', 'half of a candida');
    expect(await bird.recover()).toEqual([]);
    expect(await bird.recover()).toEqual([]);
    expect(await tree(real.configDir)).toEqual(before);
  });

  it.each([
    ['is damaged', '{"files":[{"pa'],
    [
      'names what is not the agent’s',
      '{"files":[{"path":"../passwd","existed":false}],"directories":[],"originals":[]}',
    ],
  ])('a journal that %s moves nothing, and goes', async (_, text) => {
    const before = await tree(real.configDir);
    await writeFile(join(real.base, 'passwd'), 'root');
    await real.put('.moenet-agent.previous/journal.json', text);
    await real.put('.moenet-agent.staged/bird.conf', 'half of a candida');
    expect(await bird.recover()).toEqual([]);
    expect(await tree(real.configDir)).toEqual(before);
    expect(await readFile(join(real.base, 'passwd'), 'utf8')).toBe('root');
  });
});
