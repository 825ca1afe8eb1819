import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { birdProtocols, type FaultyNode, type ListedSession, openFaultyNode } from './harness/faulty-node.js';
import { runs, untilHealthy } from './harness/trial.js';
import { waitFor } from './harness/wait-for.js';

const it = test.extend<{ readonly node: FaultyNode }>({
  node: async ({ task: _ }, use) => {
    const node = await openFaultyNode('jp1', 1, { daemon: false });
    await use(node);
    await node.close();
  },
});

/** A session that needs no IPv6. */
const byIpv4: ListedSession = {
  uuid: 'four-1',
  asn: 4242420700,
  status: 4,
  ipv4: '172.20.70.1',
  mtu: 1420,
  interface: 'wg_24300',
  endpoint: '192.0.2.52:51820',
  port: 24_300,
  credential: { publicKey: 'cG5NMVN2R3ZkeVZ1TEczUVBVZlFwcXdjOGx1dXpFZzY=' },
  type: 'wireguard',
  extensions: ['mp-bgp'],
};

async function switchIpv6(node: FaultyNode, off: 0 | 1): Promise<void> {
  const conf = '/proc/sys/net/ipv6/conf';
  const script = `for name in all default; do echo ${off} > ${conf}/$name/disable_ipv6; done`;
  await node.namespace.run('sh', ['-c', script]);
}

async function addressesOf({ namespace }: FaultyNode, name: string): Promise<readonly string[]> {
  const [link] = JSON.parse((await namespace.run('ip', ['-j', 'addr', 'show', 'dev', name])).stdout);
  return link.addr_info.map(({ local }: { local: string }) => local);
}

describe.concurrent('missing parts', () => {
  it('IPv6 switched off', async ({ node, task }) => {
    await switchIpv6(node, 1);
    await node.setSessions([...(await node.sessions()), byIpv4]);
    await node.startDaemon();
    const rowOf = async (uuid: string) => (await node.status()).sessions.find((row) => row.uuid === uuid);
    const [withIpv6 = ''] = (await node.sessions()).flatMap(({ uuid, ...row }) => {
      return 'ipv6LinkLocal' in row ? [uuid] : [];
    });
    const namedMs = await waitFor('the session that needs IPv6 says why it does not work', async () => {
      return /IPv6 is switched off on this machine/.test((await rowOf(withIpv6))?.error ?? '');
    });
    await waitFor('the session that needs none runs', () => runs(node, byIpv4));
    const row = await rowOf('four-1');
    expect([row?.state, row?.error]).toEqual(['waiting', undefined]);
    expect(await addressesOf(node, 'wg_24300')).toEqual(['172.22.188.1']);
    const seen =
      (await node.status()).problems.find((problem) => /^IPv6 is switched off/.test(problem)) ?? '';
    expect(seen).toMatch(/so (lo|dummy0) cannot have/);
    await waitFor('nothing is tried against it', async () => (await node.status()).lastPass?.changes === 0);

    await switchIpv6(node, 0);
    const recoveredMs = await waitFor('the session that needs IPv6 is set up', async () => {
      return (await rowOf(withIpv6))?.state === 'waiting';
    });
    expect((await node.status()).problems.join()).not.toContain('switched off');
    task.meta.finding = { seen, namedMs, recoveredMs };
  });

  it('key directory read-only, without the public key', async ({ node, task }) => {
    const { namespace, path } = node;
    await mkdir(path('keys'));
    const { stdout: key } = await namespace.run('wg', ['genkey']);
    await writeFile(path('keys/private.key'), `${key}\n`, { mode: 0o600 });
    // What an agent left that was killed; no process has this number.
    await writeFile(path('keys/.private.key.ffffff0000000000.tmp'), '');
    await namespace.run('mount', ['--bind', path('keys'), path('keys')]);
    await namespace.run('mount', ['-o', 'remount,bind,ro', path('keys')]);
    const startedMs = Date.now();
    await node.startDaemon();
    await untilHealthy(node);
    const namedMs = Date.now() - startedMs;
    const said = async () => (await node.status()).problems.find((problem) => problem.includes('public key'));
    const seen = (await said()) ?? '';
    expect(seen).toMatch(/public\.key.*EROFS: read-only file system/);
    expect(node.log.filter(({ msg }) => msg.includes('EROFS'))).toHaveLength(1);
    const [protocol] = ((await birdProtocols(namespace)) ?? []).filter(({ proto }) => proto === 'BGP');
    expect(protocol).toBeDefined();

    await namespace.run('mount', ['-o', 'remount,bind,rw', path('keys')]);
    const recoveredMs = await waitFor('nothing is missing', async () => (await said()) === undefined);
    expect((await readdir(path('keys'))).sort()).toContain('public.key');
    await rm(path('keys/.private.key.ffffff0000000000.tmp'), { force: true });
    task.meta.finding = { seen, namedMs, recoveredMs };
  });
});
