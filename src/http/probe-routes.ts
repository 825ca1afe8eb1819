import type { Context } from 'hono';
import type { z } from 'zod';
import { lastAnswered, type Probe, summarize } from '../core/lookups/probe-history.js';
import type { Operations } from '../shell/operations/operations.js';
import { probe, probeBody, probeStats } from './answers.js';
import { HttpError, type Route, readBody } from './server.js';

const limitMs = 10_000;

/** The latency of the links to neighbors: one measurement now, and those of the past. */
export function probeRoutes(operations: () => Operations): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/probe/now',
      told: { summary: 'Measures the latency of the link to a neighbor', request: probeBody, answer: probe },
      handler: (context) => now(context, operations()),
    },
    {
      method: 'POST',
      path: '/probe/stats',
      told: { summary: 'The latencies that were measured', request: probeBody, answer: probeStats },
      handler: (context) => stats(context, operations()),
    },
  ];
}

async function now(context: Context, { probes }: Operations): Promise<Response> {
  const wanted = await readBody(context, probeBody);
  const made = await probes.now(wanted.asn, AbortSignal.timeout(limitMs));
  return context.json(probeOf(made ?? unknown(wanted.asn)));
}

async function stats(context: Context, { probes }: Operations): Promise<Response> {
  const wanted = await readBody(context, probeBody);
  const { target, history } = probes.of(wanted.asn) ?? unknown(wanted.asn);
  const last = lastAnswered(history);
  const summary = summarize(history);
  return context.json({
    asn: wanted.asn,
    endpoint: target,
    last_rtt: rounded(last?.rttMs ?? 0),
    last_tier: last?.tier ?? 0,
    last_probe: history.probes.at(-1)?.atSeconds ?? 0,
    probe_count: history.made,
    fail_count: history.failed,
    stats: summary && {
      min_rtt: rounded(summary.minMs),
      max_rtt: rounded(summary.maxMs),
      avg_rtt: rounded(summary.averageMs),
      samples: summary.samples,
    },
    history: history.probes.map(probeOf),
  } satisfies z.output<typeof probeStats>);
}

function unknown(wanted: number): never {
  throw new HttpError(404, `this node has no session of AS${wanted} that can be pinged`);
}

function probeOf({ target, asn: of, rttMs, tier, atSeconds, error }: Probe): z.output<typeof probe> {
  return {
    target,
    asn: of,
    rtt_ms: rounded(rttMs ?? 0),
    latency_tier: tier,
    timestamp: atSeconds,
    success: rttMs !== undefined,
    error,
  };
}

/** Milliseconds to a hundredth. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
