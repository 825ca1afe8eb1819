import { z } from 'zod';
import type { ObservedWireGuard, ObservedWireGuardPeer } from '../../core/model/observed.js';
import { parseMark } from '../../core/model/owner.js';
import { type SessionEntry, uuidOf } from '../../core/model/session.js';
import type { Host } from '../ports/host.js';

const rates = z.object({ rxBytesPerSecond: z.number(), txBytesPerSecond: z.number() });

const sessionTraffic = rates
  .extend({
    uuid: z.string(),
    interface: z.string(),
    asn: z.number().optional().describe('absent where the session is not listed any more'),
  })
  .describe("the traffic in one session's tunnel");

/** The traffic in the tunnels of all sessions, as WireGuard counts it, and the busiest sessions. */
export const trafficAnswer = rates.extend({
  seconds: z.number().describe('how long the agent measured'),
  largest: z.array(sessionTraffic).readonly(),
});

type Rate = z.output<typeof rates>;
export type SessionTraffic = z.output<typeof sessionTraffic>;
export type Traffic = z.output<typeof trafficAnswer>;

const measureMs = 3_000;
const shown = 5;

/** Reads WireGuard's counters twice, some seconds apart. Throws where links or WireGuard cannot be read. */
export async function measureTraffic(
  host: Host,
  sessions: readonly SessionEntry[],
  signal: AbortSignal,
): Promise<Traffic> {
  const owners = await sessionTunnels(host, signal);
  const before = await read(host, signal);
  await host.clock.sleep(measureMs, signal);
  signal.throwIfAborted();
  const after = await read(host, signal);
  const seconds = (after.atMs - before.atMs) / 1000;
  const asns = new Map(sessions.map((entry) => [uuidOf(entry), asnOf(entry)]));
  const all = [...owners].map(
    ([name, uuid]): SessionTraffic => ({
      uuid,
      interface: name,
      asn: asns.get(uuid),
      ...rate(before.peers.get(name), after.peers.get(name), seconds),
    }),
  );
  return { seconds, ...total(all), largest: all.filter(isBusy).sort(bySize).slice(0, shown) };
}

/** The interfaces that the agent made for sessions: name → uuid. */
async function sessionTunnels(host: Host, signal: AbortSignal) {
  const links = await host.links.observe(signal);
  return new Map(
    links.flatMap(({ name, alias }) => {
      const owner = parseMark(alias);
      return owner?.kind === 'session' ? [[name, owner.uuid] as const] : [];
    }),
  );
}

async function read(host: Host, signal: AbortSignal) {
  const wireguards: readonly ObservedWireGuard[] = await host.wireguard.observe(signal);
  const peers = new Map(wireguards.map(({ interface: name, peers }) => [name, peers[0]]));
  return { atMs: host.clock.monotonic(), peers };
}

/** A counter that decreased, or that belongs to another peer, gives no rate. */
function rate(
  before: ObservedWireGuardPeer | undefined,
  after: ObservedWireGuardPeer | undefined,
  seconds: number,
): Rate {
  if (!before || before.publicKey !== after?.publicKey || seconds <= 0) return total([]);
  const perSecond = (bytes: number) => Math.max(0, bytes) / seconds;
  return {
    rxBytesPerSecond: perSecond(after.rxBytes - before.rxBytes),
    txBytesPerSecond: perSecond(after.txBytes - before.txBytes),
  };
}

function total(rates: readonly Rate[]): Rate {
  return {
    rxBytesPerSecond: rates.reduce((sum, { rxBytesPerSecond }) => sum + rxBytesPerSecond, 0),
    txBytesPerSecond: rates.reduce((sum, { txBytesPerSecond }) => sum + txBytesPerSecond, 0),
  };
}

function isBusy(rate: Rate): boolean {
  return size(rate) > 0;
}

function bySize(a: Rate, b: Rate): number {
  return size(b) - size(a);
}

function size({ rxBytesPerSecond, txBytesPerSecond }: Rate): number {
  return rxBytesPerSecond + txBytesPerSecond;
}

function asnOf(entry: SessionEntry): number | undefined {
  if (entry.kind === 'session') return entry.session.asn;
  return entry.kind === 'refused' ? entry.asn : undefined;
}
