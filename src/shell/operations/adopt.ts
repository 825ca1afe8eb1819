import { fileOwner } from '../../core/desired/owned.js';
import { isIbgpProtocolName } from '../../core/model/names.js';
import { describeOwner, sameOwner } from '../../core/model/owner.js';
import type { DoubtfulTunnel } from '../../core/model/previous-agent.js';
import { changedPath, type Plan } from '../../core/plan/plan.js';
import type { Prospect } from '../pass/context.js';

/** What `adopt` takes, each with why the agent left it alone, and what `adopt` does with it. */
export interface Adoption {
  readonly items: readonly AdoptedItem[];
  /** What `adopt` leaves alone, in words. */
  readonly leftAlone: readonly string[];
}

export interface AdoptedItem {
  readonly kind: 'interface' | 'protocol' | 'file';
  readonly name: string;
  readonly why: string;
  readonly effect: string;
}

/** Lists what `adopt` would take: compares a normal plan with an adopting plan. */
export function adoptionOf(now: Prospect, adopting: Prospect): Adoption {
  const { doubtful, obstacles } = now.desired.previousAgent;
  const files = obstacles.length > 0 ? foreignFiles(adopting.plan, adopting.observed.birdFiles) : [];
  return {
    items: [
      ...doubtful.filter(({ adoptable }) => adoptable).map((each) => adoptedTunnel(each, adopting)),
      ...obstacles.map(({ protocol, why }) => adoptedProtocol(protocol, why, adopting)),
      ...files,
    ],
    leftAlone: doubtful
      .filter(({ adoptable }) => !adoptable)
      .map(({ interface: name, why }) => `interface ${name}: ${why}`),
  };
}

function adoptedTunnel({ interface: name, why, owner }: DoubtfulTunnel, { desired }: Prospect): AdoptedItem {
  const isWanted = owner && desired.tunnels.some((tunnel) => sameOwner(tunnel.owner, owner));
  const effect = isWanted
    ? `the agent makes it the tunnel of ${describeOwner(owner)}, as the control plane says; this resets its session`
    : 'the agent removes it, with whatever runs over it';
  return { kind: 'interface', name, why, effect };
}

function adoptedProtocol(name: string, why: string, { desired }: Prospect): AdoptedItem {
  const goesOn = desired.protocols.some((protocol) => protocol.name === name) || isIbgpProtocolName(name);
  const effect = goesOn
    ? 'the agent resets its session and starts it as the control plane says'
    : 'the agent ends its session';
  return { kind: 'protocol', name, why, effect };
}

function foreignFiles(plan: Plan, present: ReadonlyMap<string, string>): AdoptedItem[] {
  return plan.changes.flatMap((change): AdoptedItem[] => {
    const path = changedPath(change);
    const text = path === undefined ? undefined : present.get(path);
    if (path === undefined || text === undefined || fileOwner(text)) return [];
    const effect =
      change.kind === 'write-file'
        ? 'the agent replaces it and keeps it as .orig'
        : 'the agent removes it and keeps it as .orig';
    const why = "it is not the agent's, and the sessions above need it";
    return [{ kind: 'file', name: path, why, effect }];
  });
}
