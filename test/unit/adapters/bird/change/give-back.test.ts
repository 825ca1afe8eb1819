import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { siteOf } from '../../../../../src/adapters/bird/change/candidate.js';
import { recover } from '../../../../../src/adapters/bird/change/recover.js';
import { prepareSwap } from '../../../../../src/adapters/bird/change/swap.js';
import { run } from '../../../../../src/platform/exec.js';

const ours = '# moenet-agent:node:\n';
const operators = 'router id 192.0.2.1;\ninclude "moenet-agent.conf";\n';
let configDir: string;

beforeEach(async () => {
  configDir = await mkdtemp(join(tmpdir(), 'moenet-give-back-'));
  await mkdir(join(configDir, 'peers'));
  await writeFile(join(configDir, 'bird.conf'), operators);
  await writeFile(join(configDir, 'moenet-agent.conf'), ours);
  await writeFile(join(configDir, 'peers/a.conf'), ours);
});

afterEach(() => rm(configDir, { recursive: true }));

const read = (name: string) => readFile(join(configDir, name), 'utf8');

async function givenBack() {
  const site = await siteOf({ configDir, mode: 'either' });
  const file = {
    path: 'bird.conf',
    text: 'router id 192.0.2.1;\n',
    mode: 0o644,
    uid: site.uid,
    gid: site.gid,
  };
  const swap = await prepareSwap(site, {
    write: [],
    remove: ['moenet-agent.conf', 'peers/a.conf'],
    giveBack: [file],
  });
  await swap.perform();
  expect(await read('bird.conf')).toBe('router id 192.0.2.1;\n');
  expect((await readdir(configDir)).filter((name) => !name.startsWith('.'))).toEqual(
    expect.not.arrayContaining(['moenet-agent.conf']),
  );
  return swap;
}

it('a teardown that was killed is undone by the next agent, in whichever mode it works', async () => {
  await givenBack();
  const options = { connectTimeoutMs: 100, replyTimeoutMs: 100, run };
  const silent = { ...options, controlSocket: join(configDir, 'no-bird.ctl') };
  const restored = await recover({ ...silent, configDir, mode: 'include' });
  expect([...restored].sort()).toEqual(['bird.conf', 'moenet-agent.conf', 'peers/a.conf']);
  expect(await read('bird.conf')).toBe(operators);
  expect([await read('moenet-agent.conf'), await read('peers/a.conf')]).toEqual([ours, ours]);
});

it('what comes back leaves no copies of the operator’s text', async () => {
  await (await givenBack()).close();
  expect((await readdir(configDir)).sort()).toEqual(['bird.conf', 'ibgp.d', 'moenet-agent', 'peers']);
});
