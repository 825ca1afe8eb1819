import type { Snapshot } from '../model/control-plane.js';
import type { Observed } from '../model/observed.js';
import type { Owner } from '../model/owner.js';
import type { FormerFacts } from './former.js';
import { findFormerTunnels } from './tunnels.js';

/**
 * What was there before the agent: interfaces that become its own, with their owners; with `adopt` also those that are in
 * doubt, and those that are to go.
 */
export function findFormer(
  observed: Observed,
  snapshot: Snapshot,
  options: {
    readonly publicKey: string | undefined;
    readonly creating: readonly string[];
    readonly adopt: boolean;
  },
): FormerFacts {
  const { certain, doubtful } = findFormerTunnels(observed, snapshot, options.publicKey, options.creating);
  const adopted = options.adopt ? doubtful.filter(({ adoptable }) => adoptable) : [];
  const taken = new Map<string, Owner>(certain);
  for (const { interface: name, owner } of adopted) if (owner) taken.set(name, owner);
  return {
    observed,
    taken,
    // Where a list is not known, nobody can say that an interface is not on it.
    orphans:
      snapshot.sessions && snapshot.mesh
        ? adopted.flatMap(({ owner, interface: name }) => (owner ? [] : [name]))
        : [],
    doubtful: doubtful.filter((tunnel) => !adopted.includes(tunnel)),
  };
}
