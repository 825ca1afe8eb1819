import { mkdir } from 'node:fs/promises';
import { describe, test } from 'vitest';
import { type FaultyNode, type ListedSession, openFaultyNode } from './harness/faulty-node.js';
import type { Picture } from './harness/picture.js';
import { survives, untilHealthy } from './harness/trial.js';

const it = test.extend<{ readonly node: FaultyNode }>({
  node: async ({ task: _ }, use) => {
    const node = await openFaultyNode('jp1', 1, { daemon: false });
    await use(node);
    await node.close();
  },
});

/** Puts a directory of the node on a small disk of its own, before the daemon runs. */
async function moveToSmallDisk(node: FaultyNode, directory: string): Promise<void> {
  const { namespace, path } = node;
  await mkdir(path(directory), { recursive: true });
  await mkdir(path('disk'));
  await namespace.run('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', path('disk')]);
  await namespace.run('cp', ['-a', path(directory), path('disk/')]);
  await namespace.run('mount', ['--bind', path(`disk/${directory}`), path(directory)]);
  await node.startDaemon();
  await untilHealthy(node);
}

interface DiskFault {
  begin(node: FaultyNode, directory: string): Promise<unknown>;
  end(node: FaultyNode, directory: string): Promise<unknown>;
}

const full: DiskFault = {
  begin: (node) =>
    node.namespace.run('dd', ['if=/dev/zero', `of=${node.path('disk/filler')}`, 'bs=4096'], {
      okExitCodes: [1],
    }),
  end: (node) => node.namespace.run('rm', [node.path('disk/filler')]),
};

const readOnly: DiskFault = {
  begin: (node, directory) => remount(node, directory, 'ro'),
  end: (node, directory) => remount(node, directory, 'rw'),
};

function remount(node: FaultyNode, directory: string, how: 'ro' | 'rw') {
  return node.namespace.run('mount', ['-o', `remount,bind,${how}`, node.path(directory)]);
}

const guest: ListedSession = {
  uuid: 'guest-1',
  asn: 4242420600,
  status: 4,
  ipv6LinkLocal: 'fe80::600',
  mtu: 1420,
  interface: 'wg_24200',
  endpoint: '192.0.2.51:51820',
  port: 24_200,
  credential: { publicKey: 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=' },
  type: 'wireguard',
  extensions: ['mp-bgp', 'extended-nexthop'],
  // Takes more room than what an older generation of the state file leaves.
  remarks: 'long '.repeat(10_000),
};

function withoutGuest({ links, wireguard, files, protocols }: Picture): Picture {
  const isGuests = (text: string) => /wg_24200|4242420600/.test(text);
  return {
    links: (links as unknown[]).filter((link) => !isGuests(JSON.stringify(link))),
    wireguard: wireguard.filter((line) => !isGuests(line)),
    files: Object.fromEntries(Object.entries(files).filter(([path]) => !isGuests(path))),
    protocols: protocols?.filter(({ name }) => !isGuests(name)),
  };
}

const disks: readonly (readonly [string, DiskFault, string])[] = [
  ['full', full, 'ENOSPC'],
  ['read-only', readOnly, 'EROFS'],
];

describe.concurrent('disk', () => {
  it.for(disks)('state directory %s', async ([, fault, code], { node, task }) => {
    await moveToSmallDisk(node, 'state');
    task.meta.finding = await survives(node, {
      named: new RegExp(`state cannot be written \\(${code}: `),
      // Something has to be written: a new session, which comes up all the same.
      inject: async () => {
        await fault.begin(node, 'state');
        await node.setSessions([...(await node.sessions()), guest]);
      },
      end: () => fault.end(node, 'state'),
      unharmed: withoutGuest,
    });
  });

  it.for(disks)("BIRD's directory %s", async ([, fault, code], { node, task }) => {
    await moveToSmallDisk(node, 'bird');
    task.meta.finding = await survives(node, {
      named: new RegExp(`bird cannot be written \\(${code}: `),
      inject: async () => {
        await fault.begin(node, 'bird');
        await node.setSessions([...(await node.sessions()), guest]);
      },
      end: () => fault.end(node, 'bird'),
      unharmed: withoutGuest,
    });
  });
});
