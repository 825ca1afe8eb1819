import {
  addProbe,
  makeProbe,
  noProbes,
  type Probe,
  type ProbeHistory,
} from '../../core/lookups/probe-history.js';
import { sessionOf } from '../../core/model/peer-name.js';
import { wordsOf } from '../../core/model/words-of.js';
import { viewSession } from '../../core/verdict/session-view.js';
import type { NodeState } from '../pass/node-state.js';
import type { Clock, Pinger } from '../ports/host.js';

/** The measured latency of the links to neighbors since the start, by ASN; in memory only. */
export interface Probes {
  /** Adds the pings of a report. */
  note(): void;
  /** Measures now. Undefined where the ASN has no session that can be pinged. */
  now(asn: number, signal: AbortSignal): Promise<Probe | undefined>;
  /** Undefined where the ASN has no session that can be pinged. */
  of(asn: number): { readonly target: string; readonly history: ProbeHistory } | undefined;
}

export function openProbes(
  state: NodeState,
  { pinger, host }: { readonly pinger: Pinger; readonly host: { readonly clock: Clock } },
): Probes {
  const histories = new Map<number, ProbeHistory>();
  const nowSeconds = () => Math.floor(host.clock.now() / 1000);

  function add(probe: Probe): void {
    histories.set(probe.asn, addProbe(histories.get(probe.asn) ?? noProbes, probe));
  }

  return {
    note: () => {
      const asns = new Set<number>(state.lastPass?.desired.sessions.map(({ session }) => session.asn));
      for (const asn of histories.keys()) if (!asns.has(asn)) histories.delete(asn);
      for (const asn of asns) {
        const target = targetOf(asn, state);
        const ping = state.pings.get(target ?? '');
        if (target && ping) add(makeProbe({ target, asn, rttMs: ping.rttMs, atSeconds: nowSeconds() }));
      }
    },
    now: async (asn, signal) => {
      const target = targetOf(asn, state);
      if (target === undefined) return undefined;
      const probe = await measureOne(pinger, { target, asn }, nowSeconds, signal);
      add(probe);
      return probe;
    },
    of: (asn) => {
      const target = targetOf(asn, state);
      return target === undefined ? undefined : { target, history: histories.get(asn) ?? noProbes };
    },
  };
}

function targetOf(asn: number, { lastPass }: NodeState): string | undefined {
  const session = lastPass && sessionOf(lastPass.desired.sessions, asn);
  return session && viewSession(session, lastPass.observed).pingTarget;
}

/** A failure of the pings is a result, too, and is kept. */
async function measureOne(
  pinger: Pinger,
  link: { readonly target: string; readonly asn: number },
  nowSeconds: () => number,
  signal: AbortSignal,
): Promise<Probe> {
  try {
    const rttMs = (await pinger.ping([link.target], signal)).get(link.target)?.rttMs;
    return makeProbe({ ...link, rttMs, atSeconds: nowSeconds() });
  } catch (error) {
    signal.throwIfAborted();
    return makeProbe({ ...link, rttMs: undefined, atSeconds: nowSeconds() }, wordsOf(error));
  }
}
