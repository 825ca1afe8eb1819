import type { Desired } from '../../core/desired/desired.js';
import type { Observed } from '../../core/model/observed.js';
import type { Owner } from '../../core/model/owner.js';
import type { Templates } from '../../core/render/templates.js';
import type { HealthGate } from '../ports/bird.js';
import type { ControlPlaneWatch } from '../ports/control-plane.js';
import type { Host } from '../ports/host.js';
import type { MemoryStore } from './memory.js';

/** What the changes of a pass are made with. */
export interface ApplyContext {
  readonly host: Host;
  readonly memory: MemoryStore;
  readonly templates: Templates;
  readonly signal: AbortSignal;
  readonly desired: Desired;
  /** The system before the pass. */
  readonly observed: Observed;
  /** Absent where a change is not to depend on the control plane. */
  readonly watch?: ControlPlaneWatch | undefined;
  /** Looks after BIRD has loaded the files of these owners; `isHeard`: the control plane answered before. */
  gateFor(owners: readonly Owner[], isHeard: boolean): HealthGate;
}
