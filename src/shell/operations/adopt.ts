import { z } from 'zod';
import { fileOwner } from '../../core/desired/owned.js';
import { isIbgpProtocolName } from '../../core/model/names.js';
import { describeOwner, sameOwner } from '../../core/model/owner.js';
import type { DoubtfulTunnel } from '../../core/model/previous-agent.js';
import { changedPath, type Plan } from '../../core/plan/plan.js';
import type { Prospect } from '../pass/context.js';

const text = z.string();
const adoptedItem = z.object({
  kind: z.enum(['interface', 'protocol', 'file']),
  name: text,
  why: text,
  effect: text,
});

/** What `adopt` takes, each with why the agent left it alone, and what `adopt` does with it. */
export const adoption = z.object({
  items: z.array(adoptedItem).readonly(),
  leftAlone: z.array(text).readonly().describe('what `adopt` leaves alone'),
});

export type Adoption = z.output<typeof adoption>;
export type AdoptedItem = z.output<typeof adoptedItem>;

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
