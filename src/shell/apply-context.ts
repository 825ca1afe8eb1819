import type { Owner } from '../core/model/owner.js';
import type { Templates } from '../core/render/templates.js';
import type { MemoryStore } from './memory.js';
import type { HealthGate, Host } from './ports.js';

/** What the changes of a pass are made with. */
export interface ApplyContext {
  readonly host: Host;
  readonly memory: MemoryStore;
  readonly templates: Templates;
  readonly signal: AbortSignal;
  /** Of the files that are desired now. */
  readonly fingerprint: string;
  /** Looks after BIRD has loaded the files of these owners. */
  gateFor(owners: readonly Owner[]): HealthGate;
}
