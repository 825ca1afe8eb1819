import { tierOf } from '../desired/latency.js';

/** One measurement of the link to a neighbor. */
export interface Probe {
  /** What was pinged: the neighbor's address on the tunnel. */
  readonly target: string;
  readonly asn: number;
  /** Milliseconds; undefined where no answer came. */
  readonly rttMs: number | undefined;
  /** Of this one measurement, 0 to 8; 8 where no answer came. */
  readonly tier: number;
  readonly atSeconds: number;
  /** Why there is no time. */
  readonly error: string | undefined;
}

/** The last measurements of one link, oldest first. The counts are of all since the start. */
export interface ProbeHistory {
  readonly probes: readonly Probe[];
  readonly made: number;
  readonly failed: number;
}

/** Times in milliseconds over the remembered measurements that were answered. */
export interface ProbeSummary {
  readonly minMs: number;
  readonly maxMs: number;
  readonly averageMs: number;
  readonly samples: number;
}

const mostProbes = 50;
const slowestTier = 8;

export const noProbes: ProbeHistory = { probes: [], made: 0, failed: 0 };

export function makeProbe(
  facts: Pick<Probe, 'target' | 'asn' | 'rttMs' | 'atSeconds'>,
  error?: string,
): Probe {
  const { rttMs } = facts;
  const failure = rttMs === undefined ? (error ?? 'no answer') : undefined;
  return {
    ...facts,
    tier: rttMs === undefined ? slowestTier : tierOf(rttMs),
    error: failure,
  };
}

export function addProbe({ probes, made, failed }: ProbeHistory, probe: Probe): ProbeHistory {
  return {
    probes: [...probes, probe].slice(-mostProbes),
    made: made + 1,
    failed: failed + (probe.rttMs === undefined ? 1 : 0),
  };
}

/** The last measurement that was answered. */
export function lastAnswered({ probes }: ProbeHistory): Probe | undefined {
  return probes.findLast(({ rttMs }) => rttMs !== undefined);
}

/** Undefined until one was answered. */
export function summarize({ probes }: ProbeHistory): ProbeSummary | undefined {
  const times = probes.flatMap(({ rttMs }) => rttMs ?? []);
  if (times.length === 0) return undefined;
  const sum = times.reduce((total, ms) => total + ms, 0);
  return {
    minMs: Math.min(...times),
    maxMs: Math.max(...times),
    averageMs: sum / times.length,
    samples: times.length,
  };
}
