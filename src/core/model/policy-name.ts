import { z } from 'zod';

/** What we send to and accept from the neighbor, in the control plane's words: from our side of the link. */
export type PolicyName = 'full' | 'peer' | 'upstream' | 'downstream';

const policyNames: readonly PolicyName[] = ['full', 'peer', 'upstream', 'downstream'];

function error({ input }: { readonly input?: unknown }): string {
  return `${(JSON.stringify(input) ?? 'nothing').slice(0, 60)} is none of ${policyNames.join(', ')} (or 0 to 3)`;
}

/** The name, or its number in the order of the names. */
export const policyName = z
  .union([z.string(), z.number()], { error })
  .transform((value, context): PolicyName => {
    const word = String(value).trim().toLowerCase();
    const name = policyNames.find((candidate, number) => candidate === word || String(number) === word);
    if (name !== undefined) return name;
    context.addIssue({ code: 'custom', message: error({ input: value }) });
    return z.NEVER;
  });

/**
 * True where `narrow` sends no route and accepts no route that `wide` does not, and passes on what it accepts to nobody else. So
 * `upstream`, whose routes go to every neighbor, is narrower than none.
 */
export function isNarrower(narrow: PolicyName, wide: PolicyName): boolean {
  return narrow === wide || narrow === 'peer' || (narrow === 'downstream' && wide === 'full');
}
