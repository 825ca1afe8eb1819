import { readFile } from 'node:fs/promises';
import { describe, expect, it, type TestContext } from 'vitest';
import { until } from '../../integration/host/tunnel-host.js';
import { resync, untilFirstPass } from '../ask-daemon.js';
import * as files from './previous-files.js';
import { makeTunnel, type Neighbor } from './previous-neighbors.js';
import { openPreviousNode, type PreviousNode } from './previous-node.js';

/** Opens a node that is closed when the test is over. */
async function openNode(
  { onTestFinished }: TestContext,
  ...options: Parameters<typeof openPreviousNode>
): Promise<PreviousNode> {
  const node = await openPreviousNode(...options);
  onTestFinished(() => node.close());
  return node;
}

function external(
  number: number,
  part: Partial<Neighbor>,
  style: typeof files.fromTemplate,
  theirOptions = '',
) {
  const asn = 4242421080 + number;
  const neighbor = {
    id: `session-${number}`,
    interface: `dn42_${asn}`,
    protocol: `dn42_${asn}`,
    port: 24_000 + number,
    network: `198.51.${number}`,
    ours: files.linkLocal,
    theirs: `fe80::${number}`,
    ...part,
  };
  const bird = files.foreignBird(asn, neighbor.ours, theirOptions, `172.20.${number}.0/24`);
  return { ...neighbor, asn, bird, file: style(neighbor as Neighbor, asn) };
}

function internal(nodeId: number) {
  return {
    id: `node-${nodeId}`,
    nodeId,
    interface: `dn42-wg-igp-${nodeId}`,
    protocol: `ibgp_${nodeId}`,
    port: 51_820 + nodeId,
    network: `203.0.${nodeId}`,
    ours: 'fe80::1:1',
    theirs: `fe80::1:${nodeId}`,
    loopbacks: [`172.22.188.${nodeId}/32`, `${files.nodeLoopback(nodeId)}/128`],
    bird: files.nodeBird(nodeId),
  };
}

const everything = () => ({
  external: [
    external(1, {}, files.fromTemplate, 'hold time 60; graceful restart on; enable extended messages on;'),
    external(2, {}, files.allInOne),
    external(3, { interface: 'dn42-4242421083', ours: 'fe80::1' }, files.fromTemplate),
  ],
  internal: [internal(2), internal(3)],
});

async function aliases(of: PreviousNode): Promise<Record<string, string | undefined>> {
  const { stdout } = await of.namespace.run('ip', ['-j', 'link', 'show']);
  const links = JSON.parse(stdout) as { ifname: string; ifalias?: string }[];
  return Object.fromEntries(links.map(({ ifname, ifalias }) => [ifname, ifalias]));
}

const problems = async (of: PreviousNode) =>
  JSON.parse((await of.agent('status', '--json')).stdout) as { problems: string[]; notes: string[] };

describe.concurrent('a node of the previous agent', () => {
  it('is taken over without the reset of one session, and stays so', async (context) => {
    const wanted = everything();
    const node = await openNode(context, { ...wanted, maintenance: true });
    const before = await node.uptime();
    expect(Object.keys(before.connections)).toHaveLength(5);
    const pings = node.startPings();
    const foreign = await addForeignTunnel(node);

    await node.start();
    await untilFirstPass(node.namespace);
    expect((await node.agent('resync')).exitCode).toBe(1);
    expect(await node.uptime()).toEqual(before);

    expect(await aliases(node)).toMatchObject({
      dn42_4242421081: 'moenet-agent:session-1',
      dn42_4242421082: 'moenet-agent:session-2',
      'dn42-4242421083': 'moenet-agent:session-3',
      'dn42-wg-igp-2': 'moenet-agent:mesh:2',
      'dn42-wg-igp-3': 'moenet-agent:mesh:3',
    });
    expect(await node.file('/etc/bird/bird.conf')).toContain('router id 192.0.2.1;');
    expect(await node.file('/etc/bird/bird.conf.orig')).toBe(files.birdConf);
    for (const each of wanted.external)
      expect(await node.file(`/etc/bird/peers/${each.protocol}.conf.orig`)).toBe(each.file);
    for (const each of wanted.internal)
      expect(await node.file(`/etc/bird/ibgp.d/ibgp_${each.nodeId}.conf.orig`)).toBe(
        files.ibgp(each, each.nodeId),
      );
    expect(await node.file('/etc/bird/moenet-agent/maintenance.conf')).toContain('MOENET_MAINTENANCE = true');
    expect(await node.file('/etc/bird/moenet-agent/policy.conf')).toMatch(/4242429998,\s+4242429999/);

    expect((await node.agent('plan')).stdout).toContain('nothing to do');
    expect((await aliases(node))['dn42_4242421084']).toBeUndefined();
    expect((await problems(node)).notes.join()).toContain(
      'the agent leaves interface dn42_4242421084 unchanged: its peer',
    );

    await node.restart();
    await resync(node.namespace);
    expect(await node.uptime()).toEqual(before);

    await node.restart({ withoutState: true });
    await resync(node.namespace);
    expect(await node.uptime()).toEqual(before);
    expect(await node.file('/etc/bird/peers/dn42_4242421081.conf')).toContain('hold time 90;');
    expect((await problems(node)).notes.join()).toContain('the router id stays 192.0.2.1');
    const lost = await pings();
    expect(Object.keys(lost)).toHaveLength(5);
    expect(lost).toEqual(Object.fromEntries(Object.keys(lost).map((id) => [id, 0])));

    const show = await node.agent('adopt');
    expect([show.exitCode, show.stdout]).toEqual([2, expect.stringContaining('interface dn42_4242421084')]);
    expect((await node.agent('adopt', '--yes')).stdout).toContain(
      'session session-4 (AS4242421084): set link dn42_4242421084',
    );
    expect((await aliases(node))['dn42_4242421084']).toBe('moenet-agent:session-4');
    expect((await node.namespace.run('wg', ['show', 'dn42_4242421084', 'peers'])).stdout.trim()).toBe(
      foreign.meant,
    );
    expect(await node.uptime()).toEqual(before);
    expect((await node.agent('adopt')).stdout).toContain('nothing to adopt');

    await becomesOrdinary(node);
  });

  it('goes back to the previous configuration by the copies, without the reset of one session', async (context) => {
    const node = await openNode(context, everything());
    const before = await node.uptime();
    await node.start();
    await untilFirstPass(node.namespace);
    await node.stop();
    const [, inBirdDirectory] =
      /\ncd \/etc\/bird\n(.*?)birdc configure\n/s.exec(await readFile('docs/migration.md', 'utf8')) ?? [];
    expect(inBirdDirectory).toContain('.orig');
    await node.namespace.run('sh', ['-c', `cd /etc/bird\n${inBirdDirectory}`]);
    expect(await node.birdc('configure')).toMatch(/Reconfigur(?:ed|ation in progress)/);
    await until(
      "BIRD runs without the agent's protocols",
      async () => !(await node.birdc('show', 'protocols')).includes('moenet_'),
    );
    expect(await node.file('/etc/bird/bird.conf')).toBe(files.birdConf);
    expect(await node.uptime()).toEqual(before);
  });

  it('keeps its BIRD as long as there is a session in it that the control plane does not know', async (context) => {
    const wanted = [external(1, {}, files.fromTemplate), external(2, {}, files.allInOne)] as const;
    const node = await openNode(context, { external: wanted, internal: [] });
    await node.answer('sessions', { sessions: node.sessions.slice(0, 1) });
    const before = await node.uptime();
    const result = await node.agent('run', '--once');
    expect([result.exitCode, result.stderr]).toEqual([
      1,
      expect.stringContaining(
        'dn42_4242421082 (the control plane lists no session for it that the agent can set up)',
      ),
    ]);
    expect(await node.uptime()).toEqual(before);
    expect(await node.file('/etc/bird/bird.conf')).toBe(files.birdConf);
    expect((await aliases(node))['dn42_4242421081']).toBe('moenet-agent:session-1');

    const show = await node.agent('adopt');
    expect(show.exitCode).toBe(2);
    for (const word of [
      'protocol dn42_4242421082',
      'the agent ends its session',
      'interface dn42_4242421082',
      'file bird.conf',
    ])
      expect(show.stdout).toContain(word);
    expect(await node.uptime()).toEqual(before);

    expect(await node.agent('adopt', '--yes')).toMatchObject({ exitCode: 0 });
    const { connections } = await node
      .uptime()
      .catch(async () => ({ connections: await node.connections() }));
    expect(connections).toEqual({ 'fe80::1': before.connections['fe80::1'] });
    expect(await node.file('/etc/bird/peers/dn42_4242421082.conf.orig')).toBe(wanted[1].file);
    expect(await node.birdc('show', 'protocols')).not.toContain('dn42_4242421082');
    expect(Object.keys(await aliases(node))).not.toContain('dn42_4242421082');
  });
});

it.concurrent('sessions that the control plane lists for their end are taken over to be removed', async (context) => {
  const wanted = [
    external(1, {}, files.fromTemplate),
    external(2, {}, files.allInOne),
    external(3, { interface: 'dn42-4242421083' }, files.fromTemplate),
  ] as const;
  const node = await openNode(context, { external: wanted, internal: [] });
  const [first, second, third] = node.sessions;
  const before = await node.uptime();
  const goesOn = { 'fe80::1': before.connections['fe80::1'] };
  const disabled = { ...third, status: 0 };

  await node.answer('sessions', { sessions: [first, { ...second, status: 5 }] });
  const held = await node.agent('run', '--once');
  expect([held.exitCode, held.stderr]).toEqual([
    1,
    expect.stringContaining('end or reset dn42_4242421083 ('),
  ]);
  expect(await node.file('/etc/bird/bird.conf')).toBe(files.birdConf);
  expect(Object.keys(await aliases(node))).not.toContain('dn42_4242421082');
  // As long as BIRD has its protocol, it is not gone.
  expect(await node.updates()).toEqual([]);

  await node.answer('sessions', { sessions: [first, { ...second, status: 5 }, disabled] });
  expect(await node.agent('run', '--once')).toMatchObject({ exitCode: 0 });
  const present = Object.keys(await aliases(node)).filter((name) => name.startsWith('dn42'));
  expect(present).toEqual(['dn42_4242421081']);
  expect((await node.birdc('show', 'protocols')).match(/dn42_\d+/g)).toEqual(['dn42_4242421081']);
  for (const each of [wanted[1], wanted[2]])
    expect(await node.file(`/etc/bird/peers/${each.protocol}.conf.orig`)).toBe(each.file);
  expect(await node.updates()).toEqual(['session-2 deleted']);
  expect(await node.connections()).toEqual(goesOn);
  expect((await node.agent('plan')).stdout).toContain('nothing to do');
});

/** A tunnel with a session's name and another peer than the session's. */
async function addForeignTunnel(of: PreviousNode): Promise<{ readonly meant: string }> {
  const [first] = of.neighbors;
  const meant = 'IVJ0yS2B24wCDwAF+kvZIrMiUKAorDjLSfrXkFthfSU=';
  await makeTunnel(of.namespace, {
    name: 'dn42_4242421084',
    port: 24_004,
    peer: first?.publicKey ?? '',
    endpoint: '198.51.4.2:51820',
    addresses: ['fe80::4444/64'],
    allowedIps: 'fe80::/10',
    keyFile: '/etc/wireguard/private.key',
  });
  const session = {
    ...of.sessions[0],
    uuid: 'session-4',
    asn: 4242421084,
    interface: 'dn42_4242421084',
    port: 24_004,
    ipv6LinkLocal: 'fe80::4',
    credential: { publicKey: meant },
  };
  await of.answer('sessions', { sessions: [...of.sessions, session] });
  return { meant };
}

/** Once a session is down, nothing of it is kept any more, and the address that it spoke from goes. */
async function becomesOrdinary(of: PreviousNode): Promise<void> {
  const [, , third] = of.neighbors;
  if (!third) throw new Error('there are three');
  const file = () => of.file('/etc/bird/peers/dn42_4242421083.conf');
  const addresses = async () =>
    (await of.namespace.run('ip', ['addr', 'show', 'dev', third.interface])).stdout;
  expect(await file()).toContain('enable extended messages on;');
  expect(await addresses()).toContain('fe80::1/64');
  await third.host.run('birdc', ['-s', '/run/bird/bird.ctl', 'disable', 'node']);
  await until(
    'the session is down',
    async () => !/dn42_4242421083.*Established/.test(await of.birdc('show', 'protocols')),
  );
  await resync(of.namespace);
  expect(await file()).toContain('from moenet_ebgp');
  expect(await addresses()).not.toContain('fe80::1/64');
}
