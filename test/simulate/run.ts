import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { plotOf } from './plot.js';
import { type Outcome, type Plan, simulate } from './simulate.js';

// npm run simulate -- [--seeds 10] [--from 1] [--nodes 3] [--sessions 4] [--hours 2] [--every 120] [--look 30] [--plot FILE.svg]
// npm run simulate -- --seed 7 ...: one seed again, with all that happened.
// A fleet of agents lives through hours of faults in virtual time. Fails where a seed ends otherwise than it must.

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '10' },
    from: { type: 'string', default: '1' },
    nodes: { type: 'string', default: '3' },
    sessions: { type: 'string', default: '4' },
    hours: { type: 'string', default: '2' },
    // Seconds.
    every: { type: 'string', default: '120' },
    look: { type: 'string', default: '30' },
    plot: { type: 'string' },
  },
});
const { seed, seeds, from, nodes, sessions, hours, every, look, plot } = values;
const isReplay = seed !== undefined;
const first = Number(seed ?? from);
const last = isReplay ? first : first + Number(seeds) - 1;
const failed: number[] = [];
for (let each = first; each <= last; each += 1) {
  const plan: Plan = {
    seed: each,
    nodes: Number(nodes),
    sessionsPerNode: Number(sessions),
    hours: Number(hours),
    quietHours: 1.5,
    lookMs: Number(look) * 1000,
    faultEveryMs: Number(every) * 1000,
  };
  const startedMs = performance.now();
  const outcome = await simulate(plan);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const { violations, happenings, perSecond } = outcome;
  const verdict = violations.length === 0 ? 'good' : `${violations.length} violations`;
  process.stdout.write(
    `seed ${each}: ${verdict}; ${happenings.length} faults, at most ${Math.max(...perSecond)} requests a second, ${seconds} s\n`,
  );
  for (const violation of violations.slice(0, isReplay ? undefined : 5))
    process.stdout.write(`  ${violation}\n`);
  if (violations.length > 0) failed.push(each);
  if (isReplay) tell(outcome);
  if (plot !== undefined)
    writeFileSync(plot, plotOf(outcome, `${nodes} nodes, seed ${each}: requests a second`));
}
const options = `--nodes ${nodes} --sessions ${sessions} --hours ${hours} --every ${every} --look ${look}`;
for (const each of failed) process.stdout.write(`again: npm run simulate -- --seed ${each} ${options}\n`);
process.stdout.write(`${last - first + 1 - failed.length} good, ${failed.length} failed\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

function tell({ happenings, logs }: Outcome): void {
  const clock = (ms: number) => new Date(ms).toISOString().slice(11, 19);
  for (const { atMs, endMs, what } of happenings)
    process.stdout.write(`${clock(atMs)}${endMs > atMs ? ` to ${clock(endMs)}` : ''} ${what}\n`);
  for (const line of logs) process.stdout.write(`log: ${line}\n`);
}
