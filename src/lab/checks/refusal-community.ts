import type { Refusal } from '../scenario/announcements.js';
import { asn } from '../scenario/numbers.js';

// The second value says "refused", the third says why: docs/interface.md lists them.
const refused = 9002;
const reasons: Readonly<Record<Refusal, number>> = {
  'not of DN42': 1,
  'our own prefix': 2,
  'not originated by the neighbor': 5,
  'RPKI-invalid': 8,
};

/** The large community that a refused route carries, as `4242420998,9002,1`. */
export function refusalCommunity(refusal: Refusal): string {
  return `${asn},${refused},${reasons[refusal]}`;
}

/** Why a route was refused, by the large communities that it carries. */
export function reasonOf(communities: readonly string[]): string {
  const found = communities.find((community) => community.startsWith(`${asn},${refused},`));
  if (found === undefined) return 'no reason given';
  const [refusal] = (Object.keys(reasons) as Refusal[]).filter((each) => refusalCommunity(each) === found);
  return refusal ?? `reason ${found}`;
}
