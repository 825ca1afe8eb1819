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

const results: FileResult[] = [];
const due = [...paths];
await Promise.all(Array.from({ length: Number(values.workers) }, work));
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

/** Tries one file after another, as long as there are any. */
async function work(): Promise<void> {
  const judge = await openJudge();
  judges.push(judge);
  for (let path = due.shift(); path !== undefined; path = due.shift()) {
    const result = await tryFile(path, judge);
    results.push(result);
    process.stderr.write(`${[path, ...result.survived].join('\n  survived: ')}\n`);
  }
}

async function tryFile(path: string, judge: Judge): Promise<FileResult> {
  const { near, far } = testsOf(path, imports);
  const text = texts.get(path) ?? '';
  const all = mutants.get(path) ?? [];
  const killed: string[] = [];
  const survived: string[] = [];
  const faultless = await judge.failing({ path, text, tests: near });
  if (faultless.length > 0) throw new Error(`without any fault in ${path} fails: ${faultless.join(', ')}`);
  for (const mutant of values.all ? all : sample(path, all, perFile)) {
    const isKilled = async (tests: readonly string[]) =>
      (await judge.failing({ path, text: withMutant(text, mutant), tests })).length > 0;
    // A survivor that is argued need not be tried with tests that hardly reach it.
    const isKnown = argued[path]?.[mutant.name] !== undefined;
    const isCaught = (await isKilled(near)) || (!isKnown && (await isKilled(far)));
    (isCaught ? killed : survived).push(mutant.name);
  }
  return { path, killed, survived };
}
