import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diffFiles } from '../../../../src/core/plan/diff-bird.js';
import { type Namespace, openNamespace } from '../../../../src/lab/namespace.js';
import type { Bird } from '../../../../src/shell/ports/bird.js';
import { file, makeRealBird, names, type RealBird } from '../routers/real-bird.js';

const MiB = 1024 * 1024;
const base = 'router id 192.0.2.1;\nprotocol device { }\n';
const lines = (bytes: number) =>
  '# of a large file, sixty-four bytes in each line, as it happens\n'.repeat(bytes / 64);
const main = file('bird.conf', `${base}include "peers/*.conf";\n`);
const large = file('peers/large.conf', `protocol static big_one { ipv4; }\n${lines(2 * MiB)}`);

let namespace: Namespace;
let real: RealBird;
let bird: Bird;

beforeEach(async () => {
  namespace = await openNamespace('bird-large');
  real = await makeRealBird(namespace);
});

afterEach(async () => {
  await real.close();
  await namespace.close();
});

async function start(operators: string): Promise<void> {
  await real.put('bird.conf', operators);
  await real.start();
  bird = real.open('full');
}

const whatDiffers = async () =>
  diffFiles([main, large], await bird.readFiles(), { isUnknown: () => false, replaced: [] }).map(
    ({ why }) => why,
  );

describe('a file of the agent over 1 MiB', () => {
  it('is written once, and is not missing afterwards', async () => {
    await start(base);
    expect(await bird.commit([main, large], [])).toEqual({ kind: 'loaded' });
    expect(names(await bird.observe())).toEqual(['device1', 'big_one']);
    expect(await whatDiffers()).toEqual([]);
    expect((await readdir(join(real.configDir, 'peers'))).sort()).toEqual(['large.conf']);
  });

  it('that became too large to be compared differs, and is replaced without a copy', async () => {
    await start(base);
    await bird.commit([main, large], []);
    await real.put('peers/large.conf', `${large.content}${lines(16 * MiB)}`);
    expect(await whatDiffers()).toEqual(['its comments differ']);
    expect(await bird.commit([large], [])).toEqual({ kind: 'loaded' });
    expect(await whatDiffers()).toEqual([]);
    expect((await readdir(join(real.configDir, 'peers'))).sort()).toEqual(['large.conf']);
  });

  it('that would be too large to be compared is refused with its size', async () => {
    await start(base);
    const huge = file('peers/huge.conf', lines(16 * MiB));
    expect(await bird.commit([main, huge], [])).toMatchObject({
      kind: 'rejected',
      file: 'peers/huge.conf',
      message: expect.stringMatching(
        /^it would have 167\d+ bytes; the agent writes files of at most 16777216 bytes$/,
      ),
    });
  });
});

it.each([2 * MiB, 17 * MiB])(
  "an operator's bird.conf of %i bytes is kept once, with all its bytes, however often it comes back",
  async (bytes) => {
    const operators = `${base}${lines(bytes)}`;
    await start(operators);
    for (let time = 0; time < 2; time += 1) {
      expect(await bird.commit([main], [])).toEqual({ kind: 'loaded' });
      expect((await readdir(real.configDir)).sort()).toEqual([
        'bird.conf',
        'bird.conf.orig',
        'ibgp.d',
        'moenet-agent',
        'peers',
      ]);
      expect((await readFile(join(real.configDir, 'bird.conf.orig'), 'utf8')) === operators).toBe(true);
      await real.put('bird.conf', operators);
    }
  },
);

it("an operator's configuration that is too large does not count as missing", async () => {
  await start(`${base}${lines(17 * MiB)}`);
  expect(await bird.readOperatorConfig()).toEqual({
    problem: expect.stringMatching(/bird\.conf cannot be read: it has more than 16777216 bytes/),
  });
});
