import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { birdProtocols, end, type FaultyNode, openFaultyNode } from './harness/faulty-node.js';
import { waitFor } from './harness/wait-for.js';

const operators = 'router id 192.0.2.1;\nprotocol device { }\nprotocol static operators_own { ipv4; }\n';
const line = 'include "moenet-agent.conf";\n';
const session = 'dn42_4242421080';

let node: FaultyNode;
afterEach(() => node?.close());

/** A node in include mode whose agent makes a pass every second and runs. */
async function open(birdConf: string): Promise<void> {
  node = await openFaultyNode('refusals', 1, { birdConf, daemon: false });
  const config = JSON.parse(await readFile(node.path('agent.json'), 'utf8'));
  const bird = { ...config.bird, mode: 'include' };
  await writeFile(node.path('agent.json'), JSON.stringify({ ...config, bird }), { mode: 0o600 });
}

async function names(): Promise<readonly string[]> {
  return ((await birdProtocols(node.namespace)) ?? []).map(({ name }) => name);
}

const runs = () => waitFor('the session runs', async () => (await names()).includes(session));

/** Waits until the status says so, and says so still after more passes: it is no passing state. */
async function untilNamed(words: RegExp): Promise<{ words: string; namedMs: number }> {
  const problem = async () => (await node.status()).problems.find((each) => words.test(each));
  const namedMs = await waitFor(`the status names ${words}`, async () => (await problem()) !== undefined);
  const first = (await node.status()).lastPass?.atSeconds ?? 0;
  await waitFor(
    'three more seconds of passes',
    async () => ((await node.status()).lastPass?.atSeconds ?? 0) > first + 3,
  );
  expect(await names()).not.toContain(session);
  return { words: (await problem()) ?? '', namedMs };
}

async function birdc(...words: string[]): Promise<void> {
  await node.namespace.run('birdc', ['-s', '/run/bird/bird.ctl', ...words]);
}

describe('what BIRD refuses because of something else', () => {
  beforeEach(() => open(`${operators}include "moenet-agent*.conf";\n`));

  it('a typo in a file of the operator beside the sessions', async ({ task }) => {
    await node.namespace.run('mkdir', ['-p', node.path('bird/peers')]);
    await writeFile(node.path('bird/peers/mine.conf'), 'protocol static mine { ipv4; \n');
    await node.startDaemon();
    const { words, namedMs } = await untilNamed(/BIRD refuses the configuration/);
    await writeFile(node.path('bird/peers/mine.conf'), 'protocol static mine { ipv4; }\n');
    task.meta.finding = { seen: words, namedMs, recoveredMs: await runs() };
    expect(await names()).toContain('mine');
  });

  it('a protocol made by hand that has the name of a session', async ({ task }) => {
    const byHand = `protocol static ${session} { ipv4; }\n`;
    await writeFile(node.path('bird/operators-own.conf'), byHand);
    await writeFile(
      node.path('bird/bird.conf'),
      `${operators}include "operators-own.conf";\ninclude "moenet-agent*.conf";\n`,
    );
    await birdc('configure');
    await node.startDaemon();
    const problem = async () => (await node.status()).problems.find((each) => each.includes(session));
    const namedMs = await waitFor('the status names it', async () => (await problem()) !== undefined);
    const words = (await problem()) ?? '';
    await writeFile(node.path('bird/operators-own.conf'), '# removed, as the agent asks\n');
    await birdc('configure');
    const isBgp = async () =>
      ((await birdProtocols(node.namespace)) ?? []).some(
        ({ name, proto }) => name === session && proto === 'BGP',
      );
    task.meta.finding = { seen: words, namedMs, recoveredMs: await waitFor('the session runs', isBgp) };
  });

  it('a BIRD that was started with another file', async ({ task }) => {
    await end(node.bird);
    await writeFile(node.path('elsewhere.conf'), operators);
    const args = ['-f', '-c', node.path('elsewhere.conf'), '-s', '/run/bird/bird.ctl'];
    const other = node.spawn('bird', args);
    await waitFor('BIRD answers', async () => (await names()).length > 0);
    await node.startDaemon();
    const { words, namedMs } = await untilNamed(/BIRD reads .*elsewhere\.conf/);
    await end(other);
    await rm(node.path('elsewhere.conf'));
    await node.startBird();
    task.meta.finding = { seen: words, namedMs, recoveredMs: await runs() };
  });
});

it("include mode: the operator's bird.conf lacks the line, and gets it", async ({ task }) => {
  await open(operators);
  await node.startDaemon();
  const { words, namedMs } = await untilNamed(/does not include the agent's file/);
  expect(await readFile(node.path('bird/moenet-agent.conf'), 'utf8')).toContain('moenet-agent:node:');
  await writeFile(node.path('bird/bird.conf'), `${operators}${line}`);
  await end(node.bird);
  await node.startBird();
  task.meta.finding = { seen: words, namedMs, recoveredMs: await runs() };
});
