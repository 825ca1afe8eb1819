import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Judge, openJudge } from './open-judge.js';
import { mutantsOf, withMutant } from './operators.js';
import { type Argued, type FileResult, report } from './report.js';
import { importsOf, isMutated, sample, testsOf } from './selection.js';

// npm run test:mutants -- [--all] [--file src/core/x.ts]... [--workers 2]
// Puts small faults into the source, one at a time and never on the disk, and runs the unit tests that are nearest to it.
// Fails where none of them fails with a fault that `survivors.json` does not argue. Without `--all` it tries a few of each file.

const perFile = 4;

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    file: { type: 'string', multiple: true, default: [] },
    workers: { type: 'string', default: '2' },
  },
});
const texts = await readTexts(['src', 'test/unit', 'test/fakes']);
const imports = importsOf(texts);
const argued: Argued = JSON.parse(await readFile('test/mutants/survivors.json', 'utf8'));
const paths = [...texts.keys()]
  .filter(isMutated)
  .filter((path) => values.file.length === 0 || values.file.some((part) => path.startsWith(part)))
  .toSorted();
const mutants = new Map(paths.map((path) => [path, mutantsOf(texts.get(path) ?? '')]));

const judges: Judge[] = [];
process.on('exit', () => {
  for (const judge of judges) judge.end();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

await Promise.all(Array.from({ length: Number(values.workers) }, async () => judges.push(await openJudge())));
const tests = [...new Set(paths.flatMap((path) => Object.values(testsOf(path, imports)).flat()))].toSorted();
const startedMs = performance.now();
await share(chunksOf(tests), needNoFailure);
const testMs = ((performance.now() - startedMs) * judges.length) / tests.length;
const results = await share(paths, tryFile);
const names = new Map([...mutants].map(([path, all]) => [path, all.map(({ name }) => name)]));
const { lines, isGood } = report(
  results.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  argued,
  names,
);
process.stdout.write(`${lines.join('\n')}\n`);
process.exit(isGood ? 0 : 1);

async function readTexts(directories: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const directory of directories)
    for (const name of await readdir(directory, { recursive: true })) {
      const path = join(directory, name);
      if (path.endsWith('.ts')) found.set(path, await readFile(path, 'utf8'));
    }
  return found;
}

/** Gives each judge one item after another, as long as there are any. */
async function share<Item, Result>(
  items: readonly Item[],
  work: (judge: Judge, item: Item) => Promise<Result>,
): Promise<Result[]> {
  const due = [...items];
  const results: Result[] = [];
  const workOff = async (judge: Judge) => {
    for (let item = due.shift(); item !== undefined; item = due.shift())
      results.push(await work(judge, item));
  };
  await Promise.all(judges.map(workOff));
  return results;
}

function chunksOf(all: readonly string[]): string[][] {
  const count = Math.ceil(all.length / 10);
  return Array.from({ length: count }, (_, index) => all.slice(index * 10, index * 10 + 10));
}

/** A test that fails by itself would kill every mutant. */
async function needNoFailure(judge: Judge, chunk: readonly string[]): Promise<void> {
  const failing = await judge.failing({ tests: chunk }, 600_000);
  if (failing.length > 0) throw new Error(`without any fault fails: ${failing.join(', ')}`);
}

async function tryFile(judge: Judge, path: string): Promise<FileResult> {
  const { near, far } = testsOf(path, imports);
  const text = texts.get(path) ?? '';
  const all = mutants.get(path) ?? [];
  const killed: string[] = [];
  const survived: string[] = [];
  for (const mutant of values.all ? all : sample(path, all, perFile)) {
    const mutated = { path, text: withMutant(text, mutant) };
    const isKilled = async (some: readonly string[]) => {
      // A mutant that makes a loop endless is killed by this.
      const patienceMs = 30_000 + 5 * testMs * some.length;
      return (await judge.failing({ tests: some, mutated }, patienceMs)).length > 0;
    };
    // A survivor that is argued need not be tried with tests that hardly reach it.
    const isArgued = argued[path]?.[mutant.name] !== undefined;
    const isCaught = (await isKilled(near)) || (!isArgued && (await isKilled(far)));
    (isCaught ? killed : survived).push(mutant.name);
  }
  process.stderr.write(`${[path, ...survived].join('\n  survived: ')}\n`);
  return { path, killed, survived };
}
