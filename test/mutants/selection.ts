import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { Mutant } from './operators.js';

/** The state-changing part of the shell; all of `src/core` besides. */
const shell = [
  'pass/apply',
  'pass/apply-bird',
  'pass/apply-network',
  'pass/network-trial',
  'pass/health-gate',
  'pass/settled-answer',
  'pass/note-pass',
  'pass/pass',
  'pass/memory',
  'pass/separate',
  'talk/updates',
  'talk/acknowledgements',
  'talk/fetch-parts',
].map((name) => `src/shell/${name}.ts`);

/** Whether the file is one of those that are mutated. */
export function isMutated(path: string): boolean {
  return path.startsWith('src/core/') ? path.endsWith('.ts') : shell.includes(path);
}

/** So many of a file's mutants, always the same ones, and mostly the same when the file changes. */
export function sample(path: string, mutants: readonly Mutant[], count: number): Mutant[] {
  const digest = ({ name }: Mutant) => createHash('sha256').update(`${path} ${name}`).digest('hex');
  const chosen = new Set(mutants.toSorted((a, b) => (digest(a) < digest(b) ? -1 : 1)).slice(0, count));
  return mutants.filter((mutant) => chosen.has(mutant));
}

/** Path → the paths that it imports, of files whose texts are given. */
export type Imports = ReadonlyMap<string, readonly string[]>;

export function importsOf(texts: ReadonlyMap<string, string>): Imports {
  return new Map(
    [...texts].map(([path, text]) => {
      // What only has types is not there when a test runs.
      const lines = [...text.matchAll(/^(?:import|export|\}) (?!type ).*?from '(\.[^']+)\.js';$/gms)];
      const paths = lines.map(([, name = '']) => posix.join(posix.dirname(path), `${name}.ts`));
      return [path, [...new Set(paths)].filter((each) => texts.has(each))] as const;
    }),
  );
}

/** Too slow to be run again and again: they simulate weeks, or many deaths. */
const slow = /(soak|fuzz|crash-points)/;

/** They reach much, and test something else. */
const besides = /\/(adapters|cli|config|lab|wire)\//;

/** How many tests a mutant is tried with whose survival is argued. */
const nearCount = 4;

export interface Tests {
  readonly near: readonly string[];
  readonly far: readonly string[];
}

/** The tests that run with the file: first its own, then those that reach it over the fewest imports. */
export function testsOf(path: string, imports: Imports): Tests {
  const distances = distancesTo(path, imports);
  const own = posix.basename(path, '.ts');
  const cost = (test: string) => {
    if (posix.basename(test).startsWith(own)) return 0;
    return (distances.get(test) ?? 0) + (besides.test(test) ? 3 : 0);
  };
  const tests = [...distances.keys()]
    .filter((each) => each.endsWith('.test.ts') && !slow.test(each))
    .toSorted((a, b) => cost(a) - cost(b) || (a < b ? -1 : 1));
  return { near: tests.slice(0, nearCount), far: tests.slice(nearCount) };
}

/** The file and what imports it → over how many imports. */
function distancesTo(path: string, imports: Imports): ReadonlyMap<string, number> {
  const importers = new Map<string, string[]>();
  for (const [from, paths] of imports)
    for (const to of paths) importers.set(to, [...(importers.get(to) ?? []), from]);
  const distances = new Map([[path, 0]]);
  // A map hands out also what is put in meanwhile.
  for (const [each, distance] of distances)
    for (const importer of importers.get(each) ?? [])
      if (!distances.has(importer)) distances.set(importer, distance + 1);
  return distances;
}
