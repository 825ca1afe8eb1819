import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, it } from 'vitest';
import { type FaultyNode, openFaultyNode } from './faulty-node.js';
import { survives, untilHealthy } from './trial.js';

// What asks for names does so twice, for a second each; the default is 5 s.
const resolvConf = 'nameserver 127.0.0.1\noptions timeout:1 attempts:2\n';

/** A node whose control plane has a name, and a session's endpoint too, and a name server of its own. */
async function openNamingNode(name: string): Promise<FaultyNode> {
  const node = await openFaultyNode(name, 1, { controlPlaneName: 'control.example.net', daemon: false });
  const nameServer = node.spawn('node', [resolve('test/faults/name-server.mjs'), node.directory]);
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
    /DNS: .*peer\.example\.net do not resolve; tunnels keep the endpoint that they have/,
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
});
