import { resolve } from 'node:path';
import { createVitest, type Reporter, type TestSpecification } from 'vitest/node';

/** What the parent asks: whether any of the tests fails, with another text in the place of a file's own. */
export interface Question {
  readonly path: string;
  /** What the file is to be. */
  readonly text: string;
  readonly tests: readonly string[];
}

let mutated: Question | undefined;
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
    isolate: false,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    bail: 1,
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
  for (const { path } of mutated ? [mutated, question] : [question]) vitest.invalidateFile(resolve(path));
  mutated = question;
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
