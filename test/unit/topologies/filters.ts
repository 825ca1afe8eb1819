import type { PolicyName } from '../../../src/core/model/policy-name.js';
import { type External, ourAs, ourPart, type Topology } from './topology.js';

// The filters of policy.conf once more, written by hand from docs/interface.md.

/** A network and the ASNs to it, the origin last. */
export interface Announced {
  readonly prefix: string;
  readonly path: readonly number[];
}

/** Whether a node accepts what a neighbor announces. */
export function accepts(
  { prefix, path }: Announced,
  { as, session }: External,
  { externals }: Topology,
): boolean {
  const origin = path.at(-1);
  const holder = externals.find((each) => each.prefix === prefix);
  const roa = holder?.hasRoa ? holder.as : undefined;
  if (!session || prefix === ourPart || path[0] !== as || path.includes(ourAs)) return false;
  if (roa !== undefined && roa !== origin) return false;
  const isOriginated = path.every((each) => each === as);
  if (session.policy === 'peer') return isOriginated;
  if (session.policy !== 'upstream') return true;
  const providers = externals.filter(
    (each) => each.session?.policy === 'downstream' && each.session.node === session.node,
  );
  return isOriginated || (roa === origin && !providers.some((provider) => path.includes(provider.as)));
}

/** Whether what a session with the policy `from` brought goes to one with the policy `to`. */
export function sends(from: PolicyName, to: PolicyName): boolean {
  return from === 'upstream' || to === 'full' || to === 'upstream';
}

export const preferenceOf: Readonly<Record<PolicyName, number>> = {
  upstream: 200,
  peer: 150,
  full: 100,
  downstream: 100,
};
