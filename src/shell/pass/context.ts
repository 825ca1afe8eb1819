import type { Desired } from '../../core/desired/desired.js';
import type { NodeSettings } from '../../core/desired/settings.js';
import type { TemplateFault } from '../../core/finish.js';
import type { BootstrapConfig, Snapshot } from '../../core/model/control-plane.js';
import type { Observed } from '../../core/model/observed.js';
import { type Owner, OwnerMap } from '../../core/model/owner.js';
import type { SessionReport } from '../../core/model/session-report.js';
import { wordsOf } from '../../core/model/words-of.js';
import type { Plan } from '../../core/plan/plan.js';
import type { Templates } from '../../core/render/templates.js';
import type { TouchedFile } from '../../core/verdict/after-load.js';
import type { Aftermath } from '../../core/verdict/differences.js';
import type { NodeVerdict } from '../../core/verdict/node/node-verdict.js';
import type { Outcome } from '../../core/verdict/outcomes.js';
import type { Verdicts } from '../../core/verdict/session-verdict.js';
import type { HealthGate } from '../ports/bird.js';
import type { ControlPlaneWatch } from '../ports/control-plane.js';
import type { Host } from '../ports/host.js';
import type { MemoryStore } from './memory.js';

export interface ReconcilerContext {
  readonly watch?: ControlPlaneWatch | undefined;
  readonly host: Host;
  readonly memory: MemoryStore;
  readonly templates: Templates;
  /** What is wrong with the operator's templates, which these replace. */
  readonly templateFault?: TemplateFault | undefined;
  readonly settings: NodeSettings;
}

/** A snapshot with at least the bootstrap configuration. */
export type KnownSnapshot = Snapshot & { readonly config: BootstrapConfig };

/** What a pass would do. */
export interface Prospect {
  readonly observed: Observed;
  readonly desired: Desired;
  readonly plan: Plan;
  /** The status updates that follow if every change succeeds. */
  readonly reports: readonly SessionReport[];
  readonly node: NodeVerdict;
}

/** What a pass has done. */
export interface PassResult extends Omit<Aftermath, 'tried'> {
  readonly plan: Plan;
  /** BIRD's files that a killed agent had not confirmed, and that this pass restored first. */
  readonly putBack: readonly string[];
  /** What became of each change of `plan`. */
  readonly outcomes: readonly Outcome[];
  readonly verdicts: Verdicts;
  readonly node: NodeVerdict;
  readonly reports: readonly SessionReport[];
  readonly atSeconds: number;
  readonly durationMs: number;
}

/** What the changes of a pass need. */
export interface ApplyContext {
  readonly host: Host;
  readonly memory: MemoryStore;
  readonly templates: Templates;
  readonly signal: AbortSignal;
  readonly desired: Desired;
  /** The system before the pass. */
  readonly observed: Observed;
  /** Absent where a change must not depend on the control plane. */
  readonly watch?: ControlPlaneWatch | undefined;
  readonly failures: FailureLog;
  /** The look after BIRD has loaded a change of these files; `isHeard`: the control plane answered before. */
  gateFor(touched: readonly TouchedFile[], isHeard: boolean): HealthGate;
}

/** Collects failures: the first failure of an owner explains the later ones. */
export class FailureLog {
  readonly byOwner = new OwnerMap<string>();
  /** True once BIRD has loaded the files of this pass, and keeps them. */
  isLoaded = false;

  add(owner: Owner, error: unknown): void {
    if (!this.byOwner.has(owner)) this.byOwner.set(owner, wordsOf(error));
  }

  has(owner: Owner): boolean {
    return this.byOwner.has(owner);
  }
}
