import { z } from 'zod';
import { asn } from '../core/model/values/asn.js';

const text = z.string();
const count = z.number();
const transfer = z.object({ rx: text, tx: text }).describe('in words, such as `1.2 MiB`');

/** Of `GET /health`; without the token only `status`. */
export const health = z
  .object({
    node: text,
    version: text,
    uptimeSeconds: count,
    problems: z.array(text).readonly(),
    troubles: z
      .object({ needsYou: count, working: count, peerSide: count })
      .describe('how many sessions and mesh peers have trouble, by who has to act'),
    controlPlane: z.object({ reachable: z.boolean() }),
    bird: z.object({ running: z.boolean() }),
    pass: z.object({
      completedSecondsAgo: count.nullable().describe('null before the first'),
      runningSeconds: count.nullable().describe('null while none runs'),
    }),
    sessions: z.object({ total: count, ok: count }),
  })
  .partial()
  .extend({ status: z.enum(['ok', 'degraded']) });

export const toolBody = z.object({
  target: z
    .string()
    .min(1, 'the target is empty')
    .max(300, 'the target is too long')
    .describe('an address, a name, a prefix, `host:port` or `name type`, as the call needs it'),
});
export const toolResult = z.object({ result: text.describe('plain text') });

export const probeBody = z.object({ asn });
export const probe = z.object({
  target: text,
  asn: count,
  rtt_ms: count,
  latency_tier: count.optional(),
  timestamp: count.describe('Unix time in seconds'),
  success: z.boolean(),
  error: text.optional(),
});
export const probeStats = z.object({
  asn: count,
  endpoint: text,
  last_rtt: count,
  last_tier: count,
  last_probe: count.describe('Unix time in seconds; 0 before the first'),
  probe_count: count,
  fail_count: count,
  stats: z.object({ min_rtt: count, max_rtt: count, avg_rtt: count, samples: count }).optional(),
  history: z.array(probe),
});

export const nodeState = z.object({
  status: z.literal('ok'),
  version: text,
  maintenance_mode: z.boolean(),
  uptime: count.describe('seconds'),
  peer_count: count,
});
export const maintenanceState = z.object({
  maintenance_mode: z.boolean(),
  entered_at: text.nullable().describe('ISO 8601; null while it is off'),
  message: text,
});
export const syncState = z.object({ status: z.literal('sync_triggered') });

const distribution = z.record(text, count);
export const communityCounts = z.object({
  total_routes: count,
  latency_distribution: distribution,
  bandwidth_distribution: distribution,
  crypto_distribution: distribution,
  region_distribution: distribution,
});

export const sessionsHealth = z.object({
  node: text,
  timestamp: count.describe('Unix time in seconds'),
  sessions: z.array(
    z.object({
      asn: count,
      interface: text,
      wg: z.object({
        exists: z.boolean(),
        up: z.boolean(),
        last_handshake: text,
        handshake_ok: z.boolean(),
        has_link_local: z.boolean(),
        transfer: transfer.optional(),
      }),
      bgp: z.object({
        state: text,
        uptime: text.optional(),
        routes_imported: count,
        routes_exported: count,
      }),
    }),
  ),
  summary: z.object({ total: count, established: count, bgp_down: count, wg_down: count }),
});
export const peerState = z.object({
  peer_name: text,
  bgp_status: text,
  wg_status: z.enum(['up', 'down']),
  last_handshake: text,
  transfer,
  uptime: text,
  routes_imported: count,
  routes_exported: count,
});
export const repairs = z.object({
  node: text,
  addresses_fixed: count,
  bgp_restarted: count,
  details: z.array(z.looseObject({ result: text.describe('`ok` or `error: ...`') })).optional(),
});

export const restartBody = z
  .object({
    peer_name: text.describe('`dn42_<asn>` or `ibgp_<node id>`'),
    wg_only: z.boolean().nullish(),
    bgp_only: z.boolean().nullish(),
  })
  .refine(
    (body) => !(body.wg_only && body.bgp_only),
    'wg_only and bgp_only together leave nothing to restart',
  );
export const restarted = z.object({ success: z.boolean(), message: text, steps: z.array(text).readonly() });
