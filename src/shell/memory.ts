import { z } from 'zod';
import type { LinkLatency } from '../core/latency.js';
import { type Memory, noMemory } from '../core/plan.js';
import type { Acknowledged } from '../core/reports.js';
import type { StateStore } from './ports.js';

/** What the agent remembers between passes and across restarts. */
interface Remembered extends Memory {
  /** Session uuid → the update that the control plane has taken last. */
  readonly acknowledged: Readonly<Record<string, Acknowledged>>;
  /** Session uuid → the measured latency of its link, and the tier that follows from it. */
  readonly latencies: Readonly<Record<string, LinkLatency>>;
  /** True from `maintenance on` until `maintenance off`. */
  readonly maintenance: boolean;
}

export interface MemoryStore {
  readonly current: Remembered;
  /** Changes parts and writes them down, where they differ. Throws where the state directory cannot be written. */
  update(part: Partial<Remembered>): Promise<void>;
}

const documentName = 'memory';

const schema = z.object({
  endpoints: z.record(z.string(), z.string()),
  loopback: z.array(z.string()),
  creating: z.array(z.string()),
  reloadPending: z.boolean(),
  birdVersion: z
    .string()
    .optional()
    .transform((version) => version),
  latencies: z.record(z.string(), z.object({ rttMs: z.number(), tier: z.int() })).default({}),
  maintenance: z.boolean().default(false),
  acknowledged: z.record(
    z.string(),
    z.custom<Acknowledged>((value) => typeof value === 'object' && value !== null),
  ),
});

/** Reads what was remembered; a document that cannot be used counts as none. */
export async function openMemory(state: StateStore): Promise<MemoryStore> {
  const stored = schema.safeParse(await state.read(documentName));
  let current: Remembered = stored.success
    ? stored.data
    : { ...noMemory, acknowledged: {}, latencies: {}, maintenance: false };
  return {
    get current() {
      return current;
    },
    update: async (part) => {
      const next = { ...current, ...part };
      if (JSON.stringify(next) === JSON.stringify(current)) return;
      current = next;
      await state.write(documentName, next);
    },
  };
}
