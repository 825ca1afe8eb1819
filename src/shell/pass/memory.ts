import { z } from 'zod';
import type { Alone } from '../../core/desired/policy/alone.js';
import type { Readings } from '../../core/desired/read-addresses.js';
import type { CacheAddresses } from '../../core/desired/rpki-caches.js';
import type { DisabledSessions } from '../../core/model/disabled.js';
import { OwnerMap, readOwnerMap } from '../../core/model/owner.js';
import {
  nothingPreserved,
  type Preserved,
  preservedIsLost,
  preservedSchema,
} from '../../core/model/preserved.js';
import type { SessionStatus } from '../../core/model/session-status.js';
import { type NftSet, nftSet } from '../../core/model/values/port-set.js';
import { type Memory, unknownPast } from '../../core/plan/plan.js';
import type { Acknowledged } from '../../core/verdict/acknowledged.js';
import type { Healths } from '../../core/verdict/session-health.js';
import type { StateStore } from '../ports/host.js';

/** What the agent remembers between passes and across restarts. */
export interface Remembered extends Memory {
  /** Session uuid → the last update that the control plane accepted. */
  readonly acknowledged: Readonly<Record<string, Acknowledged>>;
  /** Session uuid → the routed addresses of its neighbor that the agent accepted. */
  readonly neighbors: Readonly<Record<string, readonly string[]>>;
  /** Session uuid → the observed endpoint of its peer that the agent posted last. */
  readonly observedEndpoints: Readonly<Record<string, string>>;
  /** Session uuid → how its row is read. */
  readonly readings: Readings;
  /** Whether the node counts as cut off from our other nodes. */
  readonly alone: Alone;
  /** The sessions whose neighbors refuse our BGP role, see `refusedRoles`. */
  readonly refusedRoles: readonly string[];
  /** The BGP history of each session. */
  readonly healths: Healths;
  /** Unix seconds of `maintenance on`; undefined while it is off. */
  readonly maintenanceSinceSeconds: number | undefined;
  /** The sessions that an operator has disabled on this node. */
  readonly disabled: DisabledSessions;
  /** Host name of an RPKI cache → the address that BIRD has for it. */
  readonly cacheAddresses: CacheAddresses;
  /** False where the agent has no routing rules: it was looked for, and none is wanted since. */
  readonly mayHaveRules: boolean;
  /** The sets in which the agent may have elements. */
  readonly portSets: readonly NftSet[];
  /** What must stay as the previous agent had it. */
  readonly kept: Preserved;
}

export interface MemoryStore {
  readonly current: Remembered;
  /**
   * Changes parts and stores them, where they differ. If the state directory cannot be written, the agent goes on, because
   * the network matters more: the next update tries again, and until then `problem` names the fault.
   */
  update(part: Partial<Remembered>): Promise<void>;
  /** Changes parts without storing them at once: for values that do not justify the wear of a flash disk. */
  note(part: Partial<Remembered>): void;
  /** Why the state directory cannot be written; undefined where it can. */
  readonly problem: string | undefined;
}

const documentName = 'memory';
const creatingName = 'creating';

/** JSON leaves out undefined values; here their keys exist. */
function optional<T extends z.ZodType>(type: T) {
  return z
    .union([type, z.undefined()])
    .optional()
    .transform((value) => value);
}

const health = z.object({
  listed: z.custom<SessionStatus>((value) => typeof value === 'string'),
  isSetUp: z.boolean(),
  wasUp: z.boolean(),
  isUp: z.boolean(),
  sameForSeconds: z.number(),
  lookedAtSeconds: z.number(),
  error: optional(z.string()),
});

const latency = z.object({
  rttMs: z.number(),
  tier: z.int(),
  sinceSeconds: z.number().default(0),
  next: optional(z.object({ tier: z.int(), measurements: z.int() })),
});

const limitHit = z.object({
  limits: z.array(
    z.object({ channel: z.string(), kind: z.enum(['receive', 'import', 'export']), max: z.number() }),
  ),
  since: z.string(),
  roomSinceSeconds: optional(z.number()),
  attempts: z.int(),
  notBeforeSeconds: z.number(),
});

const disabled = z.object({
  by: z.enum(['birdc', 'moenet-agent']),
  phase: z.enum(['draining', 'off', 'returning']),
  isShutdown: optional(z.boolean()),
  sinceSeconds: z.number(),
  drainedAtSeconds: optional(z.number()),
  protocols: optional(z.array(z.string())),
  words: optional(z.string()),
});

const schema = z.object({
  endpoints: z.record(z.string(), z.string()),
  loopback: z.array(z.string()),
  loopbackCarrier: optional(z.object({ wanted: z.string(), actual: z.string() })),
  creating: z.array(z.string()),
  reloadPending: z.boolean(),
  birdVersion: optional(z.string()),
  withdrawal: optional(z.object({ uuids: z.array(z.string()), polls: z.int() })),
  rejected: z
    .record(
      z.string(),
      z.object({
        reason: z.string(),
        of: z.string(),
        retryAtSeconds: optional(z.number()),
        silenced: z.boolean(),
      }),
    )
    .default({}),
  cutOffs: z
    .record(z.string(), z.object({ reason: z.string(), wish: z.string(), retryAtSeconds: z.number() }))
    .default({})
    .transform(readOwnerMap),
  latencies: z.record(z.string(), latency).default({}),
  limitHits: z.record(z.string(), limitHit).default({}),
  neighbors: z.record(z.string(), z.array(z.string())).default({}),
  observedEndpoints: z.record(z.string(), z.string()).default({}),
  readings: z.record(z.string(), z.object({ addresses: z.string(), isTurned: z.boolean() })).default({}),
  alone: z
    .object({ isAlone: z.boolean(), differsSinceSeconds: optional(z.number()) })
    .default({ isAlone: false, differsSinceSeconds: undefined }),
  refusedRoles: z.array(z.string()).default([]),
  healths: z.record(z.string(), health).default({}),
  maintenanceSinceSeconds: optional(z.number()),
  disabled: z.record(z.string(), disabled).default({}),
  cacheAddresses: z.record(z.string(), z.string()).default({}),
  mayHaveRules: z.boolean().default(true),
  portSets: z.array(nftSet).default([]).catch([]),
  kept: preservedSchema.default(nothingPreserved).catch(preservedIsLost),
  acknowledged: z.record(
    z.string(),
    z.custom<Acknowledged>((value) => typeof value === 'object' && value !== null),
  ),
});

/** Only the keys of `part` can differ; the rest of the memory may be long. */
function changes(current: Remembered, part: Partial<Remembered>): boolean {
  const keys = Object.keys(part) as (keyof Remembered)[];
  return keys.some((key) => JSON.stringify(part[key]) !== JSON.stringify(current[key]));
}

/**
 * Reads the stored memory; an unusable document counts as none. Objects that have no mark yet are also stored in
 * `runtime`, which lives as long as the interfaces: so the agent knows them as its own even when `state` is lost.
 */
export async function openMemory(state: StateStore, runtime?: StateStore): Promise<MemoryStore> {
  const stored = schema.safeParse(await state.read(documentName));
  let current: Remembered = stored.success
    ? { ...stored.data, backoffs: new OwnerMap(), dials: {} }
    : {
        ...unknownPast,
        acknowledged: {},
        neighbors: {},
        observedEndpoints: {},
        readings: {},
        alone: { isAlone: false },
        refusedRoles: [],
        healths: {},
        maintenanceSinceSeconds: undefined,
        disabled: {},
        cacheAddresses: {},
        mayHaveRules: true,
        portSets: [],
        kept: preservedIsLost,
      };
  const begun = schema.shape.creating.safeParse(await runtime?.read(creatingName));
  if (begun.success) current = { ...current, creating: union(current.creating, begun.data) };
  let unwritten = false;
  return {
    get current() {
      return current;
    },
    update: async (part) => {
      if (!unwritten && !changes(current, part)) return;
      const next = { ...current, ...part };
      const begins = next.creating.join() !== current.creating.join();
      current = next;
      unwritten = true;
      if (begins) await runtime?.write(creatingName, next.creating).catch(() => undefined);
      // `problem` has the result.
      await state.write(documentName, next).then(
        () => {
          unwritten = false;
        },
        () => undefined,
      );
    },
    note: (part) => {
      current = { ...current, ...part };
    },
    get problem() {
      return state.problem;
    },
  };
}

/** What is in one of them, each once and sorted, as the lists of the memory are. */
export function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort();
}
