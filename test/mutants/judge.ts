import { resolve } from 'node:path';
import { BaseSequencer, createVitest, type Reporter, type TestSpecification } from 'vitest/node';

/** What the parent asks: whether any of the tests fails. */
export interface Question {
  readonly tests: readonly string[];
  /** A file with another text than its own. */
  readonly mutated?: { readonly path: string; readonly text: string };
}

let mutated: Question['mutated'];
let failures: string[] = [];

/** Hears of what was run now; what Vitest returns holds also what failed before. */
const reporter: Reporter = {
  onTestModuleEnd: (module) => {
    if (module.state() === 'failed') failures.push(module.relativeModuleId);
  },
  onTestCaseResult: (test) => {
    if (test.result().state === 'failed') failures.push(test.fullName);
  },
};

/** Runs the tests in the order in which they are asked for: the nearest first, which mostly is the one that fails. */
class AsAsked extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files;
  }
}

/** Gives Vite the mutated text; nothing is written to the disk. */
const mutation = {
  name: 'mutation',
  enforce: 'pre' as const,
  load: (id: string) => (mutated && id === resolve(mutated.path) ? mutated.text : undefined),
};

const vitest = await createVitest(
  'test',
  {
    config: false,
    root: process.cwd(),
    include: ['test/unit/**/*.test.ts'],
    watch: false,
    // A mutant's output must not become an expectation.
    update: 'none',
    isolate: false,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    bail: 1,
    sequence: { sequencer: AsAsked },
    testTimeout: 60_000,
    reporters: [reporter],
  },
  { plugins: [mutation] },
);
await vitest.standalone();
const all = new Map((await vitest.globTestSpecifications()).map((each) => [each.moduleId, each]));

/** The tests that fail; one at least where any does. */
async function judge(question: Question): Promise<string[]> {
  // The one before, too: its file is its own again.
  for (const each of [mutated, question.mutated]) if (each) vitest.invalidateFile(resolve(each.path));
  mutated = question.mutated;
  const specifications = question.tests.flatMap((path): TestSpecification[] => {
    const found = all.get(resolve(path));
    return found ? [found] : [];
  });
  failures = [];
  const { unhandledErrors } = await vitest.runTestSpecifications(specifications);
  return [...unhandledErrors.map(String), ...failures];
}

process.on('message', async (question: Question) => process.send?.(await judge(question)));
process.send?.('ready');
