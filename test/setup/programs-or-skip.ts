import type { TestProject } from 'vitest/node';
import { whySkipped } from './needs-namespaces.js';
import programs from './programs.js';

/** Where tests of real programs are skipped, their programs need not be there; says so at the end, where it is not overlooked. */
export default async function setup({ name }: TestProject): Promise<(() => void) | undefined> {
  const why = whySkipped();
  if (why !== undefined)
    return () =>
      console.warn(
        `${name}: tests of real programs were skipped and prove nothing here: this machine cannot run them, ${why}.`,
      );
  await programs();
  return undefined;
}
