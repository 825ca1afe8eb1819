import { z } from 'zod';
import { publicOptions } from '../../core/model/session-options.js';
import { trouble } from '../../core/verdict/trouble-kind.js';

const text = z.string();
const texts = z.array(text).readonly();
const count = z.number();
const unixSeconds = z.number().describe('Unix time in seconds');

const tunnel = z
  .object({
    present: z.boolean().describe('the interface has this peer'),
    endpoint: text.optional().describe('address and port, where WireGuard knows them'),
    handshakeSecondsAgo: count.optional().describe('absent without a handshake'),
    handshakeAtSeconds: unixSeconds.optional(),
    rxBytes: count,
    txBytes: count,
  })
  .describe("the tunnel's peer as WireGuard has it");

const retry = z
  .object({
    failures: count.describe('how many tries in a row failed'),
    atSeconds: unixSeconds.describe('Unix time in seconds of the next try'),
    isHourly: z.boolean().describe('it failed so often that the agent tries only once an hour'),
  })
  .describe('the pause before what failed is tried again');

const rttMs = count.optional().describe('the last round-trip time in milliseconds');
const loss = count.optional().describe('the part of the last pings that was lost, 0 to 1');

const sessionRow = z.object({
  uuid: text,
  asn: count.optional(),
  description: text.optional().describe('its name at the control plane'),
  interface: text.optional(),
  status: text
    .optional()
    .describe(
      "the control plane's status: `active`, `queued-for-setup`, ...; absent where the agent does not understand it",
    ),
  state: z
    .enum(['ok', 'degraded', 'waiting', 'error', 'refused', 'disabled', 'ignored'])
    .describe(
      '`degraded`: Established, and does not carry all that it is to carry. `waiting`: configured, not Established yet. `disabled`: by an operator, on this node. `ignored`: disabled by the control plane, pending, ...',
    ),
  tunnel: tunnel.optional(),
  bgp: z
    .object({
      protocols: texts.describe("the names of BIRD's protocols"),
      state: text.describe('`Established`, `Active`, ...'),
      since: text,
      info: text.describe('the last error'),
    })
    .optional(),
  flaps: count.describe('how often its BGP went down within the last 24 hours'),
  rttMs,
  loss,
  rttHistory: z
    .array(z.number().nullable())
    .readonly()
    .optional()
    .describe(
      'the round-trip times of the last minutes in milliseconds, with the present one, oldest first; null where nothing answered',
    ),
  latencyTier: count
    .optional()
    .describe("index of the link's latency tier, 0 the fastest; absent until it was measured"),
  routesImported: count.optional(),
  routesExported: count.optional(),
  routesRefused: count.optional().describe("routes of the neighbor that the agent's filter refuses"),
  limitsHit: count.optional().describe('route limits that block routes of the session now'),
  error: text.optional(),
  trouble: trouble.optional(),
  doubt: text
    .optional()
    .describe(
      "why the row's addresses may belong to somebody else than the agent assumes; absent where nothing suggests that",
    ),
  options: publicOptions
    .optional()
    .describe(
      "what it has of its own, by the operator's file or its data at the control plane; of a password, that there is one",
    ),
  pending: texts.optional().describe('BGP options that apply when it goes down'),
  retry: retry.optional(),
});

const meshRow = z.object({
  nodeId: count,
  name: text,
  interface: text,
  tunnel: tunnel.optional(),
  bgp: text
    .optional()
    .describe(
      "BIRD's state of the iBGP with this node, such as `Established`; absent where there is to be none",
    ),
  rttMs,
  loss,
  error: text.optional(),
  trouble: trouble.optional(),
  retry: retry.optional(),
});

const systemStatus = z.object({
  protocols: z
    .array(
      z.object({
        name: text,
        type: text.describe("BIRD's word: `kernel`, `babel`, `bgp`, ..."),
        state: text,
        isUp: z.boolean().describe('it works: for BGP, Established; for RPKI, the cache answers'),
      }),
    )
    .readonly()
    .describe("those of the node's own files, with iBGP and RPKI; empty where BIRD does not answer"),
  kernel: z
    .array(
      z.object({
        family: z.enum(['ipv4', 'ipv6']),
        protocols: texts.describe('the kernel protocols of the family, ordinarily one'),
        isUp: z.boolean(),
        exported: count.describe('routes that go into the kernel now'),
      }),
    )
    .readonly()
    .describe("whether BIRD exports its routes to the kernel, for each address family of the node's BGP"),
  caches: z
    .array(
      z.object({
        name: text.describe('as the control plane calls it'),
        isUp: z.boolean().describe('it answers'),
        state: text.describe("BIRD's word: `Established`, `Transport-Error`, ..."),
        roas: count.describe('ROAs that BIRD has from it now'),
      }),
    )
    .readonly()
    .describe('the RPKI caches'),
  savedRoas: z
    .object({ atSeconds: unixSeconds, count, isUsed: z.boolean() })
    .optional()
    .describe(
      'the ROAs that the agent saved for the time when no cache answers; absent where there are none',
    ),
  forwarding: z
    .object({ ipv4: z.boolean().optional(), ipv6: z.boolean().optional() })
    .describe('absent where the kernel lacks the family, or before the first look'),
  strictRpFilter: texts.describe('tunnels on which rp_filter drops asymmetric traffic'),
  ipv6Disabled: texts.describe("interfaces that need IPv6 addresses, which the kernel's settings forbid"),
  repaired: texts.describe("the node's own protocols that the last pass had to enable"),
});

/** The node's state: what `status` prints, `/health` summarizes and `debug bundle` keeps. Holds no secret. */
export const nodeStatus = z.object({
  agent: z.object({ version: text, pid: count, node: text, uptimeSeconds: count }),
  health: z.enum(['ok', 'degraded']),
  problems: texts.describe(
    'what is wrong and the operator or the agent must act on, one sentence each, worst first; empty when healthy',
  ),
  peerSide: texts
    .optional()
    .describe(
      'neighbors and nodes that are offline, do not answer or refuse, while all is right here; a sentence each',
    ),
  troubles: z
    .object({ needsYou: count, working: count, peerSide: count })
    .optional()
    .describe('how many sessions and mesh peers have which kind of trouble'),
  controlPlane: z.object({
    url: text,
    reachable: z.boolean(),
    lastAnswerSeconds: count
      .optional()
      .describe('Unix time in seconds of the last answer; absent before the first'),
    error: text.optional(),
    updatesWaiting: count
      .optional()
      .describe('status updates of sessions that the control plane has not accepted yet'),
  }),
  bird: z.object({
    running: z.boolean(),
    version: text.optional(),
    reason: text.optional().describe('why it is not running; absent where it is, or before the first look'),
  }),
  system: systemStatus
    .optional()
    .describe('what the node itself needs besides its sessions; absent before the first pass'),
  refusedRoutes: z
    .array(
      z.object({
        reason: text.describe("`roa_invalid`, ...; `other`: an operator's filter, a limit or BIRD itself"),
        count,
      }),
    )
    .readonly()
    .optional()
    .describe(
      'the routes of neighbors that the import filters refuse, by reason, as BIRD counted them within the last minutes; absent before that',
    ),
  maintenance: z
    .object({ sinceSeconds: unixSeconds })
    .optional()
    .describe('absent while traffic is not led away from this node'),
  history: z
    .object({
      files: count,
      bytes: count,
      writes: count.describe('how often this agent has written to it'),
    })
    .optional()
    .describe('the history on disk; absent where the configuration wants none'),
  lastPass: z
    .object({
      atSeconds: unixSeconds,
      durationMs: count,
      changes: count.describe('changes that it made'),
      failures: count.describe('owners of changes that it could not make'),
      planned: count.optional().describe('changes in its plan'),
      putOff: count.optional().describe('changes that wait, because they failed before'),
    })
    .optional(),
  pass: z
    .object({
      completedSecondsAgo: count
        .optional()
        .describe('since the last pass ended that read the system; absent before the first'),
      runningSeconds: count.optional().describe('for how long a pass has run; absent while none does'),
    })
    .describe('how current all this is'),
  notes: texts
    .optional()
    .describe(
      'facts that are no fault, one sentence each: on the configuration, and on objects from before the agent that it leaves alone, or keeps as they were',
    ),
  withheld: texts.describe(
    "running sessions that the control plane's list leaves out and that the agent keeps, because it doubts the list",
  ),
  sessions: z.array(sessionRow).readonly().describe("each session of the control plane's list"),
  mesh: z.array(meshRow).readonly().describe('each mesh peer'),
});

export type NodeStatus = z.output<typeof nodeStatus>;
/** The node's own BIRD protocols, and the kernel's settings that matter to a router. */
export type SystemStatus = z.output<typeof systemStatus>;
export type TunnelState = z.output<typeof tunnel>;
export type Retry = z.output<typeof retry>;
export type SessionRow = z.output<typeof sessionRow>;
export type MeshRow = z.output<typeof meshRow>;

/** What a resync did. */
export const resyncResult = z.object({
  ok: z.boolean(),
  changes: texts.describe('the changes that were made, with their reasons'),
  errors: texts.describe('what failed'),
});

export type ResyncResult = z.output<typeof resyncResult>;
