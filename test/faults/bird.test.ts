import { once } from 'node:events';
import { readFile, stat, watch } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import type { FaultyNode } from './harness/faulty-node.js';
import { type Picture, pictureOf } from './harness/picture.js';
import {
  isGone,
  newcomer,
  runs,
  servesNewcomer,
  survives,
  untilHealthy,
  untilPasses,
} from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';
import { it } from './harness/with-node.js';

// They go with the BIRD that goes.
const withoutProtocols = ({ protocols: _, ...rest }: Picture) => rest;

describe.concurrent('BIRD', () => {
  it('stopped, and another process started later', async ({ node, task }) => {
    task.meta.finding = await survives(node, {
      named: /BIRD does not answer/,
      inject: () => stopBird(node),
      end: () => node.startBird(),
      unharmed: withoutProtocols,
    });
  });

  it('replaced by another process between two passes', async ({ node, task }) => {
    const before = withoutProtocols(await pictureOf(node));
    const socket = await socketNumber(node);
    const startedMs = Date.now();
    await stopBird(node);
    await node.startBird();
    const namedMs = Date.now() - startedMs;
    expect(await socketNumber(node)).not.toBe(socket);
    await untilPasses(node, 2, 60_000);
    const recoveredMs = await servesNewcomer(node, 60_000);
    await untilHealthy(node);
    expect(withoutProtocols(await pictureOf(node))).toEqual(before);
    task.meta.finding = { seen: 'the new one is spoken to', namedMs, recoveredMs };
  });

  it('stops to answer while it loads a change, and goes on', async ({ node, task }) => {
    const before = withoutProtocols(await pictureOf(node));
    const sessions = await node.sessions();
    const frozen = freezeInChange(node);
    await node.setSessions([...sessions, newcomer]);
    await frozen;
    const seen = async () => (await node.status()).problems.find((words) => /bird hung/.test(words));
    const namedMs = await waitFor('the status names it', async () => (await seen()) !== undefined, 90_000);
    const words = await seen();
    await untilPasses(node, 1, 90_000);
    node.bird.kill('SIGCONT');
    const recoveredMs = await waitFor('the new session runs', () => runs(node, newcomer), 90_000);
    await waitFor('it is no longer named', async () => (await seen()) === undefined, 90_000);
    await expectConfirmed(node);
    expect(node.daemon.exitCode ?? node.daemon.signalCode).toBe(null);
    await node.setSessions(sessions);
    await waitFor('the new session is gone', () => isGone(node, newcomer), 90_000);
    expect(withoutProtocols(await pictureOf(node))).toEqual(before);
    task.meta.finding = { seen: words ?? '', namedMs, recoveredMs };
  });

  it('hangs while its files are written, and goes on when that agent was killed', async ({ node, task }) => {
    const [changed, ...others] = await node.sessions();
    const before = await pictureOf(node);
    const loadedAt = await lastReconfiguration(node);
    node.bird.kill('SIGSTOP');
    await node.setSessions([{ ...changed, uuid: 'abc-123', policy: 'peer' }, ...others]);
    const startedMs = Date.now();
    await waitFor('the new policy lies there', () => hasPolicy(node, 'peer'), 90_000);
    const seen = async () => (await node.status()).problems.find((words) => /bird hung/.test(words));
    await waitFor('the status names it', async () => (await seen()) !== undefined, 90_000);
    const words = await seen();
    const namedMs = Date.now() - startedMs;
    node.daemon.kill('SIGKILL');
    await once(node.daemon, 'exit');
    node.bird.kill('SIGCONT');
    expect(await lastReconfiguration(node)).toBe(loadedAt);
    const goesOnMs = Date.now();
    await node.startDaemon();
    await waitFor('BIRD has loaded it', async () => (await lastReconfiguration(node)) !== loadedAt, 60_000);
    await expectConfirmed(node);
    task.meta.finding = { seen: words ?? '', namedMs, recoveredMs: Date.now() - goesOnMs };
    expect((await pictureOf(node)).protocols).toEqual(before.protocols);
  });
});

async function hasPolicy(node: FaultyNode, policy: string): Promise<boolean> {
  const text = await readFile(node.path('bird/peers/dn42_4242421080.conf'), 'utf8');
  return text.includes(`policy "${policy}"`);
}

async function lastReconfiguration(node: FaultyNode): Promise<string | undefined> {
  const { stdout } = await node.namespace.run('birdc', ['-s', '/run/bird/bird.ctl', 'show', 'status']);
  return /Last reconfiguration on (.+)/.exec(stdout)?.[1];
}

async function stopBird(node: FaultyNode): Promise<void> {
  node.bird.kill('SIGTERM');
  if (node.bird.exitCode === null) await once(node.bird, 'exit');
}

async function socketNumber(node: FaultyNode): Promise<number> {
  return (await stat(`/proc/${node.namespace.pid}/root/run/bird/bird.ctl`)).ino;
}

/** Stops BIRD when the agent begins to put files in place, which BIRD is told to load right after. */
async function freezeInChange(node: FaultyNode): Promise<void> {
  for await (const { filename } of watch(node.path('bird'))) {
    if (filename !== '.moenet-agent.previous') continue;
    node.bird.kill('SIGSTOP');
    return;
  }
}

async function expectConfirmed(node: FaultyNode): Promise<void> {
  const confirm = ['-s', '/run/bird/bird.ctl', 'configure', 'confirm'];
  await waitFor('all that BIRD has loaded is confirmed', async () =>
    /nothing to do/i.test((await node.namespace.run('birdc', confirm)).stdout),
  );
}
