import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import type { Bird } from '../../../src/shell/ports.js';
import { file, makeRealBird, names, type RealBird, tree } from './real-bird.js';

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

describe('a commit with a health gate', () => {
  it('is confirmed where nothing is wrong: it is not undone later', async () => {
    let seen: readonly string[] = [];
    const gate = async () => {
      seen = names(await bird.observe());
      return undefined;
    };
    expect(await bird.commit([peer('two')], [], undefined, gate)).toEqual({ kind: 'loaded' });
    expect(seen).toEqual(['device1', 'one', 'two']);
    const { stdout } = await namespace.run('birdc', ['-s', real.controlSocket, 'configure confirm'], {
      okExitCodes: [0, 1],
    });
    expect(stdout).toContain('Nothing to do');
  });

  it('is taken back where something is: BIRD runs what it ran, and a restart does not bring it again', async () => {
    const before = await tree(real.configDir);
    const gate = async () => 'dn42_1 went down with it';
    expect(await bird.commit([peer('two')], ['peers/one.conf'], undefined, gate)).toEqual({
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

  it('is taken back where the gate itself fails', async () => {
    const gate = () => Promise.reject(new Error('no memory'));
    await expect(bird.commit([peer('two')], [], undefined, gate)).rejects.toThrow('no memory');
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

it('a sweep takes away the candidate that a killed agent left, and nothing else', async () => {
  const before = await tree(real.configDir);
  await real.put('.moenet-agent.staged/bird.conf', 'half of a candida');
  await bird.sweep();
  await bird.sweep();
  expect(await tree(real.configDir)).toEqual(before);
});
