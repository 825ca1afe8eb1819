import type { Desired } from '../desired/desired.js';
import type { Observed } from '../model/observed.js';
import type { Owner } from '../model/owner.js';
import { sameOwner } from '../model/owner.js';
import type { Backoff } from '../plan/backoff.js';
import type { CutOff } from '../plan/cut-offs.js';
import { describeChange, type Plan } from '../plan/plan.js';
import type { Trouble } from '../verdict/trouble-kind.js';
import { bgpProtocol } from './bgp-protocol.js';
import type {
  ExplainedDifference,
  ExplainedHistory,
  ExplainedProtocol,
  ExplainedRtt,
  RecentChange,
  RefusedGroup,
} from './explanation.js';
import { span } from './units.js';

/** What is known of one owner, from the last pass and from looks of now. */
export interface Evidence {
  readonly desired: Desired;
  /** As the last pass saw it, with what was read again since. */
  readonly observed: Observed;
  /** The plan that would be made now, for the whole node. */
  readonly plan: Plan;
  /** Why changes of this owner wait. */
  readonly backoff: Backoff | undefined;
  readonly cutOff: CutOff | undefined;
  /** BIRD's lines on each of the owner's protocols. */
  readonly details: ReadonlyMap<string, readonly string[]>;
  readonly refused: readonly RefusedGroup[];
  readonly changes: readonly RecentChange[];
  readonly rtt: ExplainedRtt | undefined;
  readonly history: readonly ExplainedHistory[];
  /** How many seconds until the next regular pass. */
  readonly nextPassSeconds: number;
  /** The state as `status` names it. */
  readonly state: string;
  /** Who has to act, as `status` says it; undefined where nothing is wrong. */
  readonly trouble: Trouble | undefined;
  /** What could not be read. */
  readonly notes: readonly string[];
}

/** What a plan of now would change for the owner. */
export function differencesFor(owner: Owner, { changes, putOff }: Plan): ExplainedDifference[] {
  return [
    ...changes
      .filter((change) => sameOwner(change.owner, owner))
      .map((change) => ({ change: describeChange(change), why: change.why })),
    ...putOff
      .filter(({ change }) => sameOwner(change.owner, owner))
      .map(({ change, reason }) => ({ change: describeChange(change), why: change.why, waits: reason })),
  ];
}

/** The BGP protocols by their names, as BIRD shows them. */
export function protocolsFor(
  names: readonly string[],
  { observed, details }: Pick<Evidence, 'observed' | 'details'>,
): ExplainedProtocol[] {
  const running = observed.bird.running ? observed.bird.protocols : [];
  return names.map((name) =>
    bgpProtocol(
      name,
      running.find((protocol) => protocol.name === name),
      details.get(name) ?? [],
    ),
  );
}

/** What the agent does about the differences, and when. */
export function nextSteps(
  differences: readonly ExplainedDifference[],
  {
    backoff,
    cutOff,
    observed,
    nextPassSeconds,
  }: Pick<Evidence, 'backoff' | 'cutOff' | 'observed' | 'nextPassSeconds'>,
): string[] {
  const { nowSeconds } = observed;
  const pass = `the next pass, in about ${span(nextPassSeconds)}`;
  const due = differences.filter(({ waits }) => waits === undefined).length;
  const left = (seconds: number) => span(seconds - nowSeconds);
  return [
    ...(observed.bird.running
      ? []
      : ['start BIRD (systemctl start bird); the agent loads its files as soon as BIRD answers']),
    ...(due > 0 ? [`${pass}, makes what differs as desired; to do it now: moenet-agent resync`] : []),
    ...(backoff && backoff.retryAtSeconds > nowSeconds
      ? [
          `the agent has tried ${backoff.failures === 1 ? 'once' : `${backoff.failures} times`} and tries again in ${left(backoff.retryAtSeconds)}; to try now: moenet-agent resync`,
        ]
      : []),
    ...(cutOff && cutOff.retryAtSeconds > nowSeconds
      ? [
          `the change cut this node off from its control plane and was taken back; the agent tries again in ${left(cutOff.retryAtSeconds)}, while the control plane answers`,
        ]
      : []),
    ...(differences.length === 0 && observed.bird.running
      ? [`nothing differs from what is desired; ${pass}, looks again`]
      : []),
  ];
}
