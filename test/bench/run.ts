import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import programs from '../setup/programs.js';
import { bench, longForm, type Plan, shortForm } from './bench.js';
import { compare, tellDifferences } from './compare.js';
import { readResult } from './figures.js';
import { tableOf } from './table.js';

// npm run bench -- [--short] [--only start,cold,daemon,fakes] [--sizes 10,100,300] [--runs 3] [--out FILE] [--save]
// Measures the built agent beside the bare commands and beside a bare Node, writes the result as JSON to FILE, shows it as a table, and
// says what got better or worse since the committed one, which `--save` replaces.

const lastFile = 'test/bench/last.json';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string' },
    sizes: { type: 'string' },
    runs: { type: 'string' },
    out: { type: 'string', default: '.cache/bench/result.json' },
    save: { type: 'boolean', default: false },
  },
});
const form = values.short ? shortForm : longForm;
const sizes = values.sizes?.split(',').map(Number);
const parts = values.only?.split(',');
const isWanted = (part: string) => parts === undefined || parts.includes(part);
const ofSizes = (most: readonly number[]) => sizes ?? most;
const plan: Plan = {
  ...form,
  startUps: isWanted('start') ? form.startUps : 0,
  cold: isWanted('cold') ? ofSizes(form.cold) : [],
  daemon: isWanted('daemon') ? ofSizes(form.daemon) : [],
  fakes: isWanted('fakes') ? ofSizes(form.fakes) : [],
  ...(values.runs === undefined ? {} : { runs: () => Number(values.runs) }),
};

await programs();
const say = (words: string) => process.stderr.write(`${words}\n`);
const { result, failures } = await bench(plan, say);
const text = `${JSON.stringify(result, undefined, 1)}\n`;
await mkdir(dirname(values.out), { recursive: true });
await writeFile(values.out, text);
process.stdout.write(`${tableOf(result)}\n`);
const last = await readResult(lastFile);
if (last) process.stdout.write(`\n${tellDifferences(compare(last, result)) || 'as last time'}\n`);
if (values.save) await writeFile(lastFile, text);
for (const failure of failures) say(`FAILED ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;
