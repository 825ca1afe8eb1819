import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Namespace, openNamespace } from '../../src/lab/namespace.js';
import { waitFor } from '../faults/harness/wait-for.js';

export const birdSocket = '/run/bird/bird.ctl';

/** A router in a namespace: forwarding, and a real BIRD with what its package has left. */
export interface BenchHost {
  readonly namespace: Namespace;
  readonly path: (file: string) => string;
  /** The protocols of BIRD's, of BGP. */
  bgpProtocols(): Promise<number>;
  tunnels(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openHost(name: string): Promise<BenchHost> {
  const namespace = await openNamespace(name);
  await namespace.run('sysctl', ['-q', '-w', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
  const directory = await mkdtemp(join(tmpdir(), 'moenet-bench-'));
  const path = (file: string) => join(directory, file);
  await mkdir(path('bird'));
  await writeFile(path('bird/bird.conf'), 'router id 192.0.2.254;\nprotocol device {}\n');
  const bird = namespace.spawn('bird', ['-f', '-c', path('bird/bird.conf'), '-s', birdSocket], {
    stdio: 'ignore',
  });
  const birdc = async (...words: string[]) =>
    (await namespace.run('birdc', ['-s', birdSocket, ...words], { okExitCodes: [0, 1] })).stdout;
  await waitFor('BIRD answers', async () => /is up and running/.test(await birdc('show', 'status')));
  const tunnels = async () =>
    (await namespace.run('wg', ['show', 'interfaces'])).stdout.split(/\s+/).filter(Boolean);
  return {
    namespace,
    path,
    bgpProtocols: async () => ((await birdc('show', 'protocols')).match(/^\S+ +BGP /gm) ?? []).length,
    tunnels,
    close: async () => {
      await end(bird);
      // A deletion waits for the kernel, which has many at a time done as soon as one.
      const lines = (await tunnels()).map((tunnel) => `link del dev ${tunnel}\n`);
      const options = { input: lines.join(''), timeoutMs: 300_000 };
      await namespace.run('ip', ['-force', '-batch', '-'], options);
      await waitFor('wireguard-go has ended', async () => (await tunnelDaemons(namespace)) === 0, 120_000);
      await namespace.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function tunnelDaemons({ pid }: Namespace): Promise<number> {
  const own = await readlink(`/proc/${pid}/ns/net`);
  let count = 0;
  for (const each of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const name = await readFile(`/proc/${each}/comm`, 'utf8').catch(() => '');
    if (name !== 'wireguard-go\n') continue;
    if ((await readlink(`/proc/${each}/ns/net`).catch(() => '')) === own) count += 1;
  }
  return count;
}

/** Ends a process that was started, with its usual signal, and waits for its end. */
export async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
