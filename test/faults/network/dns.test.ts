import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { end, type FaultyNode, openFaultyNode } from '../harness/faulty-node.js';
import { survives, untilHealthy } from '../harness/trial.js';
import { waitFor } from '../harness/wait-for.js';

// What asks for names does so twice, for a second each; the default is 5 s.
const resolvConf = 'nameserver 127.0.0.1\noptions timeout:1 attempts:2\n';

/** A node whose control plane has a name, and a session's endpoint too, and a name server of its own. */
async function openNamingNode(name: string): Promise<FaultyNode> {
  const node = await openFaultyNode(name, 1, { controlPlaneName: 'control.example.net', daemon: false });
  const nameServer = node.spawn('node', [resolve('test/faults/harness/name-server.mjs'), node.directory]);
  await once(nameServer.stdout ?? nameServer, 'data');
  await writeFile(node.path('resolv.conf'), resolvConf);
  await node.namespace.run('mount', ['--bind', node.path('resolv.conf'), '/etc/resolv.conf']);
  await node.startDaemon();
  return node;
}

const controlPlane =
  /GET sessions.*(name of control\.example\.net:18443 does not resolve|no connection to control)/;
const faults: readonly (readonly [string, string, RegExp])[] = [
  ['DNS fails', 'the control plane by name', controlPlane],
  ['DNS is silent', 'the control plane by name', controlPlane],
  // The answer from before serves for a minute.
  [
    'DNS is silent',
    'an endpoint by name',
    /DNS: .*peer\.example\.net do not resolve; existing tunnels keep their endpoint/,
  ],
];

describe.concurrent('DNS', () => {
  it.for(faults)('%s: %s', async ([fault, , named], { task }) => {
    const node = await openNamingNode('jp1');
    try {
      await untilHealthy(node);
      task.meta.finding = await survives(node, {
        named,
        limitMs: 120_000,
        inject: () => node.setFault(fault),
        end: () => node.setFault(undefined),
      });
    } finally {
      await node.close();
    }
  });

  it('DNS is silent: RPKI caches by name hold BIRD up no more', async ({ task }) => {
    const node = await openNamingNode('jp1');
    try {
      await untilHealthy(node);
      const file = () => readFile(node.path('bird/moenet-agent/rpki.conf'), 'utf8');
      const before = await file();
      expect(before.match(/^ {4}remote 192\.0\.2\.60 port 8082;$/gm)).toHaveLength(2);
      const startedMs = Date.now();
      await node.setFault('DNS is silent');
      node.bird.kill('SIGKILL');
      await once(node.bird, 'exit');
      await end(node.daemon);
      await node.startBird();
      await node.startDaemon();
      const named = async () => (await node.status()).problems.find((words) => /^RPKI cache/.test(words));
      const namedMs = await waitFor('the status names it', async () => (await named()) !== undefined);
      const slowest = await slowestAnswer(node, 20);
      expect(slowest).toBeLessThan(5_000);
      expect(await file()).toBe(before);
      task.meta.finding = { seen: (await named()) ?? '', namedMs, recoveredMs: Date.now() - startedMs };
    } finally {
      await node.close();
    }
  });
});

/** The longest that BIRD took for an answer, in ms, asked so many times with a second in between. */
async function slowestAnswer({ namespace }: FaultyNode, times: number): Promise<number> {
  let slowest = 0;
  for (let time = 0; time < times; time += 1) {
    const askedMs = Date.now();
    await namespace.run('birdc', ['-s', '/run/bird/bird.ctl', 'show', 'status']);
    slowest = Math.max(slowest, Date.now() - askedMs);
    await sleep(1_000);
  }
  return slowest;
}
