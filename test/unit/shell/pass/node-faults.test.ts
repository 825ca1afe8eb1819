import { beforeEach, describe, expect, it } from 'vitest';
import { parseBirdConfig } from '../../../../src/adapters/control-plane/parse/parse-bird-config.js';
import { parseMesh } from '../../../../src/adapters/control-plane/parse/parse-mesh.js';
import { makeProtocol } from '../../../../src/lab/simulated/machine/fake-bird.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { fixture } from '../../adapters/control-plane/fixture.js';
import { makeEntry } from '../../make.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;
let logged: string[];

beforeEach(async () => {
  node = makeFakeNode();
  for (const name of ['rpki.akae.re', 'rpki.dn42.launchpadx.top']) node.host.names.set(name, ['192.0.2.53']);
  logged = [];
  const said = new Map<string, string | undefined>();
  node.onLog = (subject, problem) => {
    if (said.get(subject) !== problem) logged.push(`${subject}: ${problem ?? 'over'}`);
    said.set(subject, problem);
  };
  node.host.names.set('hk.example.net', ['192.0.2.60']);
  node.controlPlane.sessions = [makeEntry()];
  node.controlPlane.birdConfig = parseBirdConfig(fixture('documented/bird-config.json'));
  node.controlPlane.mesh = parseMesh(fixture('documented/mesh.json'));
  agent = await node.startAgent();
  await agent.refresh(['birdConfig', 'mesh', 'sessions'], signal);
  await agent.pass();
  await agent.pass();
});

function disable(name: string): void {
  const protocol = node.host.protocols.get(name);
  if (!protocol) throw new Error(`no protocol ${name}`);
  Object.assign(protocol, { state: 'down', info: '', disabled: true });
}

/** BIRD has it again at once, and off. */
function stayOff(name: string): void {
  disable(name);
  const { enable } = node.host.bird;
  Object.assign(node.host.bird, {
    enable: async (protocol: string) => (protocol === name ? undefined : enable(protocol)),
  });
}

function addChannels(name: string, ...families: readonly string[]): void {
  const channels = families.map((family) => ({ name: family, state: 'UP', routes: undefined }));
  Object.assign(node.host.protocols.get(name) ?? {}, { channels });
}

/** As the next heartbeat says. */
async function toldProblems(): Promise<readonly string[] | undefined> {
  expect(await agent.heartbeat(signal)).toEqual([]);
  return node.controlPlane.told.heartbeat.at(-1)?.problems;
}

it('a node with all that it needs is healthy', () => {
  expect(agent.status()).toMatchObject({ health: 'ok', problems: [] });
});

/** The fixture's table of communities is the control plane's, which contradicts DN42's wiki. */
const communityNotes = ['bandwidth', 'region'].map((group) =>
  expect.stringMatching(new RegExp(`^communities: .* ${group} values of the policy `)),
);

describe('a protocol of the node that was switched off', () => {
  it.each([
    'device1',
    'moenet_kernel_v4',
    'moenet_kernel_v6',
    'moenet_loopback',
    'moenet_own_v4',
    'moenet_own_v6',
    'moenet_babel',
    'moenet_rpki_akae',
    'ibgp_2',
  ])('%s is on after the next pass, which says so', async (name) => {
    disable(name);
    expect((await agent.foresee()).plan.changes).toMatchObject([{ kind: 'enable-protocol', protocol: name }]);
    const { changes, errors } = await agent.pass();
    expect([changes, errors]).toEqual([
      [expect.stringMatching(`: enable BIRD protocol ${name} \\(it is disabled; without it `)],
      [],
    ]);
    expect(node.host.protocols.get(name)?.state).toBe('up');
    expect(agent.status()).toMatchObject({
      health: 'ok',
      notes: [
        ...communityNotes,
        `the last pass enabled ${name}, which somebody had disabled in BIRD; sessions may need a minute to come back`,
      ],
    });
    expect(await agent.pass()).toEqual({ changes: [], errors: [] });
    expect(agent.status().notes).toEqual(communityNotes);
  });

  it('is on as well while BIRD refuses a new file of the node', async () => {
    node.host.birdRefuses = 'MOENET_MAINTENANCE = true';
    await agent.setMaintenance(true, signal, { withTraffic: false });
    disable('moenet_kernel_v4');
    await agent.pass();
    expect(node.host.protocols.get('moenet_kernel_v4')?.state).toBe('up');
  });

  it('is named everywhere where it does not come up', async () => {
    stayOff('moenet_kernel_v4');
    const sentence =
      "BIRD's kernel protocol moenet_kernel_v4 is disabled; without it no IPv4 route of BIRD's reaches the kernel; the agent tries to start it at every pass";
    expect((await agent.pass()).errors).toEqual([sentence]);
    expect(agent.status()).toMatchObject({ health: 'degraded', problems: [sentence] });
    await agent.heartbeat(signal);
    expect(node.controlPlane.told.heartbeat.at(-1)?.problems).toEqual([sentence]);
    await agent.pass();
    expect(logged.filter((line) => line.includes('moenet_kernel_v4'))).toEqual([
      `BIRD protocol moenet_kernel_v4: ${sentence}`,
    ]);
  });

  it('that BIRD has no more is loaded again', async () => {
    node.host.protocols.delete('moenet_own_v4');
    const { changes } = await agent.pass();
    expect(changes).toEqual(['node: reload BIRD (BIRD does not run moenet_own_v4)']);
    expect(node.host.protocols.has('moenet_own_v4')).toBe(true);
  });
});

describe('while BIRD sees no interface', () => {
  const sentence =
    "BIRD's device protocol device1 is disabled on this node; no session can come up. The agent tries to start it at every pass";

  it('no neighbor is blamed, in status or to the control plane', async () => {
    stayOff('device1');
    const bgp = { state: 'Idle', neighborAddress: undefined, neighborAs: undefined, lastError: undefined };
    for (const name of ['dn42_4242421080', 'ibgp_2'])
      Object.assign(node.host.protocols.get(name) ?? {}, { state: 'start', info: 'Idle', bgp });
    for (let minute = 0; minute < 15; minute += 1) {
      node.host.nowMs += 60_000;
      await agent.pass();
    }
    expect(agent.status().problems).toEqual([sentence]);
    expect(node.controlPlane.told.modify.at(-1)).toMatchObject({ status: 'error', error: sentence });
  });
});

it('an iBGP peer that goes down is a problem of the node for 10 minutes, with BIRD’s word in the mesh', async () => {
  const bgp = {
    state: 'Active',
    neighborAddress: undefined,
    neighborAs: undefined,
    lastError: 'Socket: timeout',
  };
  Object.assign(node.host.protocols.get('ibgp_2') ?? {}, { state: 'start', info: 'Active', bgp });
  await agent.pass();
  expect(agent.status()).toMatchObject({
    health: 'degraded',
    problems: ['iBGP with node 2 is not established: Active (Socket: timeout)'],
    mesh: [{ nodeId: 2, bgp: 'Active' }],
  });
  expect(await toldProblems()).toEqual(agent.status().problems);
  node.host.nowMs += 601_000;
  await agent.pass();
  expect(agent.status()).toMatchObject({
    health: 'ok',
    problems: [],
    peerSide: ['mesh peer 2: iBGP with node 2 is not established: Active (Socket: timeout)'],
  });
  expect(await toldProblems()).toEqual([]);
});

describe('a heartbeat tells of the node what `status` does', () => {
  it('first that no pass is finished, then nothing', async () => {
    agent = await node.startAgent();
    expect(await toldProblems()).toEqual(['the first pass is not finished yet']);
    await agent.refresh(['birdConfig', 'mesh', 'sessions'], signal);
    await agent.pass();
    expect([await toldProblems(), agent.status().problems]).toEqual([[], []]);
  });

  it('a BIRD that is silent, and a call whose answer is of no use', async () => {
    node.host.birdRunning = false;
    node.controlPlane.fetchMesh = () => Promise.reject(new Error('the answer makes no sense'));
    await agent.refresh(['mesh'], signal);
    await agent.pass();
    expect(await toldProblems()).toEqual([
      'BIRD does not answer on /run/bird/bird.ctl',
      'control plane: GET mesh: the answer makes no sense; tunnels and sessions stay as they are',
    ]);
  });

  it('but not that the heartbeat before did not get through', async () => {
    node.controlPlane.down = 'connection refused';
    expect(await agent.heartbeat(signal)).not.toEqual([]);
    expect(agent.status().problems.join()).toContain('connection refused');
    node.controlPlane.down = undefined;
    expect(await toldProblems()).toEqual([]);
  });
});

it('what the kernel keeps from flowing is a problem while it lasts, and is logged once', async () => {
  addChannels('dn42_4242421080', 'ipv4');
  const good = node.host.sysctlTable;
  node.host.sysctlTable = { ...good, forwarding: { ipv4: false, ipv6: true } };
  await agent.pass();
  await agent.pass();
  expect(agent.status().problems).toEqual([expect.stringContaining('net.ipv4.ip_forward=1')]);
  expect((await agent.pass()).errors).toEqual([]);
  node.host.sysctlTable = good;
  await agent.pass();
  expect(agent.status().health).toBe('ok');
  const lines = logged.filter((line) => line.startsWith('IPv4 forwarding: '));
  expect(lines).toEqual([expect.stringContaining('is off'), 'IPv4 forwarding: over']);
});

it('RPKI caches that do not answer are logged with the second pass, for a BIRD that starts has to connect first', async () => {
  for (const name of ['moenet_rpki_akae', 'moenet_rpki_launchpadx'])
    Object.assign(node.host.protocols.get(name) ?? {}, { info: 'Connecting' });
  await agent.pass();
  expect(agent.status()).toMatchObject({
    health: 'degraded',
    problems: [expect.stringMatching(/^no RPKI cache answers/)],
  });
  expect(logged.join()).not.toContain('RPKI');
  await agent.pass();
  expect(logged.filter((line) => line.startsWith('RPKI: no RPKI cache answers'))).toHaveLength(1);
});

it('a BIRD that does not answer ends no fault that was named', async () => {
  stayOff('moenet_kernel_v4');
  await agent.pass();
  node.host.birdRunning = false;
  await agent.pass();
  node.host.birdRunning = true;
  await agent.pass();
  expect(logged.filter((line) => line.startsWith('BIRD protocol moenet_kernel_v4'))).toHaveLength(1);
});

describe('include mode', () => {
  beforeEach(async () => {
    node = makeFakeNode();
    node.birdMode = 'include';
    node.controlPlane.sessions = [makeEntry()];
    agent = await node.startAgent();
    await agent.refresh(['sessions'], signal);
    await agent.pass();
    node.host.protocols.set('device1', makeProtocol('device1', 'device'));
    node.host.protocols.set('kernel1', makeProtocol('kernel1', 'kernel', ['ipv4']));
    node.host.protocols.set('kernel2', makeProtocol('kernel2', 'kernel', ['ipv6']));
  });

  it('the operator’s device protocol is named when it is off, and never touched', async () => {
    node.host.protocols.set('device1', {
      ...makeProtocol('device1', 'device'),
      state: 'down',
      disabled: true,
    });
    expect((await agent.pass()).changes).toEqual([]);
    expect(node.host.protocols.get('device1')?.state).toBe('down');
    expect(agent.status().problems).toEqual([
      "BIRD's device protocol device1 is disabled on this node; no session can come up. Run: birdc enable device1",
    ]);
  });
});
