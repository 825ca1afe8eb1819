import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { run } from '../../src/platform/exec.js';
import { until } from '../integration/host/tunnel-host.js';
import { type AgentNode, birdc } from './agent-node.js';
import { it } from './with-node.js';

const operators = 'router id 192.0.2.1;\nprotocol device {}\n# Zo\u00eb\nprotocol static mine { ipv4; }\n';

/** Changes the configuration; the control plane is then at a port where nobody answers. */
async function configure(node: AgentNode, bird: object, more: object = {}): Promise<void> {
  const path = join(node.directory, 'agent.json');
  const config = JSON.parse(await readFile(path, 'utf8'));
  const changed = { ...config, ...more, bird: { ...config.bird, ...bird } };
  await writeFile(path, JSON.stringify(changed), { mode: 0o600 });
}

async function withoutControlPlane(node: AgentNode): Promise<void> {
  const path = join(node.directory, 'agent.json');
  const config = JSON.parse(await readFile(path, 'utf8'));
  const bootstrap = { ...config.bootstrap, apiUrl: 'http://127.0.0.1:9' };
  await writeFile(path, JSON.stringify({ ...config, bootstrap }), { mode: 0o600 });
}

const birdPath = (node: AgentNode, name: string) => join(node.directory, 'bird', name);
const ip = async (node: AgentNode, ...args: string[]) => (await node.namespace.run('ip', args)).stdout;

const nft = (node: AgentNode, text: string) => node.namespace.run('nft', text.split(' '));

/** The ports in the operator's set. */
async function portSet(node: AgentNode): Promise<number[]> {
  const { stdout } = await node.namespace.run('nft', ['list', 'set', 'inet', 'filter', 'moenet_ports']);
  return Array.from(stdout.matchAll(/[{ ](\d+)(?= comment|,| })/g), ([, port]) => Number(port)).sort(
    (a, b) => a - b,
  );
}

/** All that is there, but for what time changes. */
async function machine(node: AgentNode) {
  const names = await readdir(join(node.directory, 'bird'), { recursive: true });
  const files = names.filter((name) => !/\.(orig|edited)(\.\d+)?$/.test(name)).sort();
  const links = JSON.parse(await ip(node, '-j', '-d', 'addr')) as {
    ifname: string;
    ifalias?: string;
    addr_info: { local: string; prefixlen: number }[];
  }[];
  return {
    files,
    links: links.map(({ ifname, ifalias, addr_info: addresses }) => [
      ifname,
      ifalias,
      addresses.map(({ local, prefixlen }) => `${local}/${prefixlen}`).sort(),
    ]),
    rules: [await ip(node, 'rule'), await ip(node, '-6', 'rule')],
  };
}

async function protocols(node: AgentNode): Promise<string[]> {
  const { stdout } = await birdc(node.namespace, 'show', 'protocols');
  return Array.from(
    stdout.matchAll(/^(\w+)\s+(?:BGP|Babel|Kernel|Static|Device|RPKI|Pipe)\s/gm),
    ([, name]) => name ?? '',
  ).sort();
}

/** The wireguard-go processes of this node. */
async function servers({ namespace }: AgentNode): Promise<string[]> {
  const own = (await run('readlink', [`/proc/${namespace.pid}/ns/net`])).stdout;
  const pids = (await run('pgrep', ['-x', 'wireguard-go'], { okExitCodes: [1] })).stdout
    .split('\n')
    .filter(Boolean);
  const theirs = pids.map(async (pid) => {
    const { stdout } = await run('readlink', [`/proc/${pid}/ns/net`], { okExitCodes: [1] });
    return stdout === own ? [pid] : [];
  });
  return (await Promise.all(theirs)).flat();
}

/** Somebody else's: an interface with a name and an address as ours, a rule, a file, an alias that only looks like ours. */
async function foreignObjects(node: AgentNode): Promise<void> {
  await ip(node, 'link', 'add', 'dummy0', 'type', 'bridge');
  await ip(node, 'link', 'set', 'dummy0', 'up', 'addrgenmode', 'none');
  await ip(node, 'addr', 'add', '192.0.2.77/32', 'dev', 'dummy0');
  await ip(node, 'link', 'add', 'wg_foreign', 'type', 'bridge');
  await ip(node, 'link', 'set', 'wg_foreign', 'alias', 'moenet-agent of somebody');
  await ip(node, 'rule', 'add', 'from', '192.0.2.7', 'lookup', '42', 'priority', '30157');
  await mkdir(birdPath(node, 'peers'));
  await writeFile(birdPath(node, 'peers/own.conf'), '# the operator\n');
  await writeFile(birdPath(node, 'bird.conf'), Buffer.from(operators, 'latin1'), { mode: 0o644 });
  await birdc(node.namespace, 'configure');
}

describe.concurrent('teardown', () => {
  it('shows and then removes exactly what the agent made, and gives BIRD back the operator’s configuration', async ({
    node,
  }) => {
    await foreignObjects(node);
    await nft(node, 'add table inet filter; add set inet filter moenet_ports { type inet_service; }');
    await configure(node, { kernelTable: 42 }, { firewall: { nftSet: 'inet filter moenet_ports' } });
    const before = await machine(node);
    const protocolsBefore = await protocols(node);
    expect((await node.agent('run', '--once')).exitCode).toBe(0);
    expect(await servers(node)).toHaveLength(3);
    const listening = (await node.namespace.run('wg', ['show', 'all', 'listen-port'])).stdout.match(/\d+$/gm);
    expect(await portSet(node)).toEqual(listening?.map(Number).sort((a, b) => a - b));
    await nft(node, 'add element inet filter moenet_ports { 22 }');
    const during = await machine(node);
    await withoutControlPlane(node);

    const shown = await node.agent('teardown');
    expect(shown.exitCode).toBe(2);
    expect(await machine(node)).toEqual(during);
    for (const line of [
      'BIRD file bird.conf: replaced by bird.conf.orig',
      'BIRD file peers/dn42_4242421080.conf: removed',
      'routing rule IPv4 iif wg_24001 lookup 42 priority 30157: removed',
      'tunnel wg_24001: removed; it is of session abc-123',
      'tunnel dn42-wg-igp-2: removed; it is of mesh peer 2',
      'address 172.22.188.1/32 on dummy0: removed; the interface stays',
      'nft set inet filter moenet_ports: loses 3 ports (24001, 24002, 51822); the set stays',
      `${node.directory}/state (state of the agent)`,
      `${node.directory}/keys/private.key (WireGuard private key)`,
      `${node.directory}/agent.json (configuration)`,
      `${node.directory}/bird/bird.conf.orig (copy that the agent kept)`,
    ])
      expect(shown.stdout.split('\n').map((each) => each.trim())).toContain(line);
    for (const foreign of ['own.conf', '192.0.2.7', 'wg_foreign'])
      expect(shown.stdout).not.toContain(foreign);

    const done = await node.agent('teardown', '--yes', '--json');
    expect(done.stderr).toBe('');
    expect(done.exitCode).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ ok: true, errors: [] });
    expect(await machine(node)).toEqual(before);
    expect(await portSet(node)).toEqual([22]);
    expect(await readFile(birdPath(node, 'bird.conf'), 'latin1')).toBe(operators);
    expect((await stat(birdPath(node, 'bird.conf'))).mode & 0o777).toBe(0o644);
    expect(await protocols(node)).toEqual(protocolsBefore);
    await until('the tunnels’ processes have ended', async () => (await servers(node)).length === 0);
    await until(
      'BIRD’s routes are gone',
      async () => (await ip(node, 'route', 'show', 'table', 'all', 'proto', 'bird')) === '',
    );

    const again = await node.agent('teardown', '--yes');
    expect([again.exitCode, again.stdout.split('\n')[0]]).toEqual([0, 'nothing to remove']);
    // Whoever sets the address now owns it.
    await ip(node, 'addr', 'add', '172.22.188.1/32', 'dev', 'dummy0');
    const third = await node.agent('teardown', '--yes');
    expect([third.exitCode, third.stdout.split('\n')[0]]).toEqual([0, 'nothing to remove']);
    expect(third.stdout).toContain('note: address 172.22.188.1/32 on dummy0: the agent does not remember');
    expect(await ip(node, 'addr', 'show', 'dev', 'dummy0')).toContain('172.22.188.1/32');
  });

  it('takes the include line out of the operator’s bird.conf, where the agent has no other part in it', async ({
    node,
  }) => {
    const own = '# include "moenet-agent.conf";\nrouter id 192.0.2.1;\nprotocol device {}\n';
    await writeFile(
      birdPath(node, 'bird.conf'),
      `${own}include "moenet-agent.conf"; # added\nprotocol static mine { ipv4; }\n`,
    );
    await configure(node, { mode: 'include' });
    await node.agent('run', '--once');
    expect(await protocols(node)).toContain('dn42_4242421080');
    expect((await node.agent('teardown')).stdout).toContain(
      'line include "moenet-agent.conf";: removed from bird.conf',
    );
    const done = await node.agent('teardown', '--yes');
    expect([done.stderr, done.exitCode]).toEqual(['', 0]);
    expect(await readFile(birdPath(node, 'bird.conf'), 'utf8')).toBe(
      `${own}# added\nprotocol static mine { ipv4; }\n`,
    );
    expect(await protocols(node)).toEqual(['device1', 'mine']);
    expect(await readdir(join(node.directory, 'bird'))).toEqual(['bird.conf']);
  });

  it('gives BIRD a least configuration where there was none, also while BIRD is down', async ({ node }) => {
    await node.agent('run', '--once');
    await run('rm', [birdPath(node, 'bird.conf.orig')]);
    await node.stopBird();
    expect((await node.agent('teardown')).stdout).toContain('because there is no bird.conf.orig');
    expect((await node.agent('teardown', '--yes')).exitCode).toBe(0);
    await node.startBird();
    expect(await protocols(node)).toEqual(['device1']);
  });

  it('removes nothing where BIRD refuses what it would get back, and nothing while a daemon runs', async ({
    node,
  }) => {
    await node.agent('run', '--once');
    const orig = birdPath(node, 'bird.conf.orig');
    const text = await readFile(orig, 'utf8');
    await writeFile(orig, `${text}protocol nonsense;\n`);
    const during = await machine(node);
    const refused = await node.agent('teardown', '--yes');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('BIRD refuses its configuration without the agent');
    expect(refused.stderr).toContain('bird.conf:3:');
    expect(await machine(node)).toEqual(during);
    await writeFile(orig, text);

    await node.start();
    const running = await node.agent('teardown', '--yes');
    expect(running.exitCode).toBe(1);
    expect(running.stderr).toContain('Stop it first: systemctl stop moenet-agent');
    expect(await machine(node)).toEqual(during);
  });
});
