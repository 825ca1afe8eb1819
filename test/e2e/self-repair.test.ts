import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../integration/host/tunnel-host.js';
import { type AgentNode, birdc, openAgentNode } from './agent-node.js';

let node: AgentNode;
beforeAll(async () => {
  node = await openAgentNode('jp1');
  await node.start();
  await until('the first pass is over', async () =>
    (await node.posts()).some(({ call }) => call === 'modify'),
  );
  await resync();
}, 60_000);
afterAll(() => node?.close());

const resync = () => node.resync();

const ip = (...args: string[]) => node.namespace.run('ip', args);
const wg = (...args: string[]) => node.namespace.run('wg', ['set', 'wg_24002', ...args]);
const file = (name: string) => join(node.directory, name);
const peer = 'mKNiXTqlcB/OeVkYA4Ag/JbyE5FB6fkT9tx6bEU2IlU=';
const stranger = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=';

/** What BIRD runs, and since when; a protocol that was restarted has another time. */
async function bgpSince(): Promise<string[]> {
  const { stdout } = await birdc(node.namespace, 'show', 'protocols');
  return [...stdout.matchAll(/^(\S+)\s+BGP\s+\S+\s+\S+\s+\S+/gm)].map(([row]) => row);
}

/** The links by their index, which a link that was made anew has a new one of. */
async function links(): Promise<string[]> {
  const { stdout } = await ip('-j', 'link', 'show');
  const found = JSON.parse(stdout) as { readonly ifindex: number; readonly ifname: string }[];
  return found.map(({ ifindex, ifname }) => `${ifindex} ${ifname}`);
}

async function loadWithoutSessions(): Promise<void> {
  const conf = await readFile(file('bird/bird.conf'), 'utf8');
  await writeFile(file('bird/bird.conf'), 'router id 192.0.2.1;\nprotocol device {}\n');
  await birdc(node.namespace, 'configure');
  await writeFile(file('bird/bird.conf'), conf);
}

async function editPeerFile(): Promise<void> {
  const { stdout } = await node.namespace.run('find', [file('bird'), '-name', 'dn42_4242422189.conf']);
  await appendFile(stdout.trim(), '# edited by hand\n');
}

describe('the agent repairs a fault where it happened, and leaves the neighbor session alone', () => {
  it.each<[string, () => Promise<unknown>, string[]]>([
    [
      'interface missing',
      () => ip('link', 'del', 'dev', 'wg_24002'),
      ['create tunnel wg_24002 (it is missing)', 'set link wg_24002', 'set WireGuard on wg_24002'],
    ],
    ['interface down', () => ip('link', 'set', 'dev', 'wg_24002', 'down'), ['set link wg_24002']],
    ['wrong MTU', () => ip('link', 'set', 'dev', 'wg_24002', 'mtu', '1300'), ['(MTU 1300 → 1420)']],
    ['address lost', () => ip('addr', 'flush', 'dev', 'wg_24002', 'scope', 'link'), ['(add fe80::']],
    ['port drifted', () => wg('listen-port', '999'), ['(port 999 → 24002)']],
    ['key lost', () => wg('private-key', '/dev/null'), ["it does not have this node's key"]],
    ['peer missing', () => wg('peer', peer, 'remove'), [`(add peer ${peer})`]],
    ['peer too many', () => wg('peer', stranger, 'allowed-ips', '10.0.0.0/8'), [`remove peer ${stranger}`]],
    ['allowed IPs changed', () => wg('peer', peer, 'allowed-ips', '10.0.0.0/8'), ['(allowed IPs ']],
    ['endpoint changed', () => wg('peer', peer, 'endpoint', '192.0.2.1:1'), ['(endpoint 192.0.2.1:1 → ']],
    ['file edited by hand', editPeerFile, ['write peers/dn42_4242422189.conf', 'reload BIRD']],
    ['protocols missing in BIRD', loadWithoutSessions, ['reload BIRD (BIRD does not run ']],
  ])('%s', async (cause, damage, expected) => {
    const others = async () => (await bgpSince()).filter((row) => row.startsWith('dn42_4242421080 '));
    const before = await others();
    await damage();
    const { changes, errors } = await resync();
    expect(errors).toEqual([]);
    expect(changes).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(changes[index]).toContain(words);
    // What this repair left undone would be among the changes of the next one.
    if (cause !== 'protocols missing in BIRD') expect(await others()).toEqual(before);
  });
});

it('all of it is mended then', async () => {
  const { stdout } = await node.agent('resync', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, changes: [] });
});

it('a session whose neighbor is offline stays as it is: tunnel and protocol', async () => {
  const picture = async () => [...(await links()), ...(await bgpSince())];
  const before = await picture();
  await node.commands();
  for (const _ of [1, 2, 3]) expect(await resync()).toMatchObject({ changes: [] });
  expect(await picture()).toEqual(before);
  const changing = /^(ip -force|wg syncconf|wg set|wireguard-go|bird)/;
  expect((await node.commands()).filter((each) => changing.test(each))).toEqual([]);
  const { stdout } = await node.agent('status', '--json');
  const { sessions } = JSON.parse(stdout) as { sessions: { uuid: string; state: string }[] };
  expect(sessions.find(({ uuid }) => uuid === 'abc-124')).toMatchObject({ state: 'waiting' });
});
