import { fileOwner } from '../../core/desired/owned.js';
import { isIbgpProtocolName } from '../../core/model/names.js';
import { describeOwner, sameOwner } from '../../core/model/owner.js';
import type { DoubtfulTunnel } from '../../core/model/previous-agent.js';
import { changedPath, type Plan } from '../../core/plan/plan.js';
import type { Prospect } from '../pass/context.js';

/** What `adopt` takes: each with why the agent did not take it by itself, and what becomes of it. */
export interface Adoption {
  readonly items: readonly AdoptedItem[];
  /** What it leaves alone all the same, in words. */
  readonly leftAlone: readonly string[];
}

export interface AdoptedItem {
  readonly kind: 'interface' | 'protocol' | 'file';
  readonly name: string;
  readonly why: string;
  readonly effect: string;
}

/** What would be taken: by what a pass finds in doubt now, and what one would do that takes it. */
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
    ? `it becomes the tunnel of ${describeOwner(owner)} and is set as the control plane says; what runs over it is reset`
    : 'it is removed, with whatever runs over it';
  return { kind: 'interface', name, why, effect };
}

function adoptedProtocol(name: string, why: string, { desired }: Prospect): AdoptedItem {
  const goesOn = desired.protocols.some((protocol) => protocol.name === name) || isIbgpProtocolName(name);
  const effect = goesOn
    ? 'its session is reset, and begins anew as the control plane says'
    : 'its session ends';
  return { kind: 'protocol', name, why, effect };
}

function foreignFiles(plan: Plan, present: ReadonlyMap<string, string>): AdoptedItem[] {
  return plan.changes.flatMap((change): AdoptedItem[] => {
    const path = changedPath(change);
    const text = path === undefined ? undefined : present.get(path);
    if (path === undefined || text === undefined || fileOwner(text)) return [];
    const effect =
      change.kind === 'write-file' ? 'it is replaced; kept as .orig' : 'it is removed; kept as .orig';
    const why = "it is not the agent's, and waits for the sessions above";
    return [{ kind: 'file', name: path, why, effect }];
  });
}
