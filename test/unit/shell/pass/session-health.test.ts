import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import type { Agent } from '../../../../src/shell/agent.js';
import { type FakeNode, makeFakeNode } from '../../../fakes/fake-node.js';
import { makeEntry } from '../../make.js';
import { listWhatIsTold } from './crash-node.js';

const { signal } = new AbortController();
let node: FakeNode;
let agent: Agent;

beforeEach(async () => {
  node = makeFakeNode();
  listWhatIsTold(node);
  agent = await node.startAgent();
});

/** Passes once a minute; `before` says what happens before each. */
async function minutes(count: number, before: (minute: number) => void = () => undefined): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    before(minute);
    await agent.refresh(['sessions'], signal);
    await agent.pass();
    node.host.nowMs += 60_000;
  }
}

/** What BGP of a session is from now on, in BIRD's words. */
function setBgp(state: string, lastError?: string, name = 'dn42_4242421080'): void {
  const protocol = node.host.protocols.get(name);
  if (!protocol) throw new Error(`no protocol ${name}`);
  protocol.bgp = { state, neighborAddress: undefined, neighborAs: undefined, lastError };
}

function told(): string[] {
  return node.controlPlane.told.modify.map(({ uuid, status, error }) =>
    [uuid, status, ...(error === undefined ? [] : [error])].join(' '),
  );
}

const down = 'abc-123 error BGP is not established: Connect (Connection refused), ';

describe("a neighbor's outage", () => {
  it('of hours is posted twice, when it lasts and when it ends, and changes nothing here', async () => {
    await minutes(5);
    const changes = node.host.birdReloads;
    await minutes(120, () => setBgp('Connect', 'Connection refused'));
    await minutes(10, () => setBgp('Established'));
    expect(told()).toEqual(['abc-123 active', `${down}the tunnel never had a handshake`, 'abc-123 active']);
    expect([node.host.birdReloads, node.host.counts.get('wireguard.syncConfig')]).toEqual([changes, 1]);
  });

  it('is told with the last handshake', async () => {
    await minutes(2);
    const wireguard = node.host.wireguardTable.get('wg_24001');
    const peers = wireguard?.peers.map((peer) => ({ ...peer, latestHandshakeSeconds: 1_800_000_030 }));
    Object.assign(wireguard ?? {}, { peers });
    await minutes(20, () => setBgp('Connect', 'Connection refused'));
    expect(told().at(-1)).toBe(`${down}last handshake at 2027-01-15 08:00 UTC`);
  });

  it('of a minute, every other minute for hours, is not told at all', async () => {
    await minutes(2);
    await minutes(180, (minute) => setBgp(minute % 2 === 0 ? 'Idle' : 'Established'));
    expect(told()).toEqual(['abc-123 active']);
  });

  it('is not forgotten over a restart, and not told again', async () => {
    await minutes(2);
    await minutes(20, () => setBgp('Connect', 'Connection refused'));
    agent = await node.startAgent();
    await minutes(20, () => setBgp('Active'));
    expect(told()).toHaveLength(2);
  });

  it('is seen in the status with what it is now, and as error once it counts as one', async () => {
    await minutes(2);
    await minutes(2, () => setBgp('Connect', 'Connection refused'));
    expect(agent.status().sessions).toMatchObject([{ state: 'waiting', error: undefined }]);
    await minutes(20, () => setBgp('Connect', 'Connection refused'));
    expect(agent.status().sessions).toMatchObject([{ state: 'error', bgp: { state: 'Connect' } }]);
    await minutes(1, () => setBgp('Established'));
    expect(agent.status().sessions).toMatchObject([{ state: 'ok', error: undefined }]);
  });

  it('is a problem of the node for 10 minutes, and then the peer’s side', async () => {
    await minutes(2);
    await minutes(2, () => setBgp('Connect', 'Connection refused'));
    const words =
      'session abc-123 (AS4242421080): 192.0.2.80:51820 answers no WireGuard handshake: it is down, a firewall is in the way, or a key is wrong at one end: BGP is Connect (Connection refused); no WireGuard handshake yet';
    expect(agent.status()).toMatchObject({
      health: 'degraded',
      problems: [expect.stringContaining(`${words} (BIRD connects again by itself`)],
      peerSide: [],
      troubles: { needsYou: 0, working: 1, peerSide: 0 },
    });
    await minutes(10, () => setBgp('Connect', 'Connection refused'));
    const offline = { health: 'ok', problems: [], peerSide: [words], troubles: { working: 0, peerSide: 1 } };
    expect(agent.status()).toMatchObject(offline);
  });
});

it('a fault on this side is posted at once, and so is its end', async () => {
  await minutes(2);
  node.host.linkTable.delete('wg_24001');
  node.host.wireguardTable.delete('wg_24001');
  node.host.breaks.set('wireguard.create', new Error('no /dev/net/tun'));
  await minutes(1);
  node.host.breaks.clear();
  await minutes(3);
  expect(told()).toEqual(['abc-123 active', 'abc-123 error no /dev/net/tun', 'abc-123 active']);
});

describe('a BIRD that does not run', () => {
  const reason = 'BIRD does not answer on /run/bird/bird.ctl';
  const second = makeEntry({ uuid: 'abc-124', interface: 'wg_2', listenPort: 2, asn: 4242422189 as never });
  const both: readonly SessionEntry[] = [makeEntry({ status: 'queued-for-setup' }), second];

  it('for some minutes is one problem of the node, and is posted for no session', async () => {
    node.controlPlane.sessions = both;
    await minutes(2);
    node.host.birdRunning = false;
    await minutes(9);
    const { problems, health } = agent.status();
    expect(problems.filter((problem) => problem.includes('BIRD'))).toEqual([reason]);
    expect([health, problems]).toEqual(['degraded', [reason]]);
    const logged = node.problems.filter((problem) => problem.includes('BIRD does not'));
    expect(new Set(logged)).toEqual(new Set([`BIRD: ${reason}`]));
    node.host.birdRunning = true;
    await minutes(9);
    expect(told()).toEqual(['abc-123 active']);
  });

  it('for hours is posted for each session once, and so is its end', async () => {
    node.controlPlane.sessions = both;
    await minutes(2);
    node.host.birdRunning = false;
    await minutes(90);
    expect(agent.status().problems).toEqual([reason]);
    node.host.birdRunning = true;
    await minutes(10);
    const each = (uuid: string) => [`${uuid} error ${reason}`, `${uuid} active`];
    expect(told().slice(1).sort()).toEqual([...each('abc-123'), ...each('abc-124')].sort());
  });

  it('leaves a session that waits for its setup undecided, and then failed; it is active when BIRD runs it', async () => {
    node.host.birdRunning = false;
    await minutes(9);
    expect(told()).toEqual([]);
    await minutes(30);
    node.host.birdRunning = true;
    await minutes(2);
    expect(told()).toEqual([`abc-123 setup-failed ${reason}`, 'abc-123 active']);
  });
});
