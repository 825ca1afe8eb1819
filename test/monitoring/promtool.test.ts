import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../src/platform/exec.js';
import { createMetrics } from '../../src/telemetry/metrics/metrics.js';
import { fullStatus } from '../fakes/full-status.js';
import { badStatus } from '../fakes/node-status.js';
import { programOf } from './prometheus-release.js';
import { alertNames } from './short-rules.js';
import { type Story, stories } from './stories.js';

const rules = resolve('docs/monitoring/alerts.yml');
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-promtool-'));
});
afterAll(() => rm(directory, { recursive: true }));

const promtool = (args: readonly string[], input?: string) =>
  run(programOf('promtool'), args, { input, timeoutMs: 60_000 });

it.each([
  ['healthy', fullStatus],
  ['broken', badStatus],
])('promtool finds nothing to say of the metrics of a %s node', async (_, status) => {
  const { stdout, stderr } = await promtool(['check', 'metrics'], await createMetrics().text(status));
  expect([stdout, stderr]).toEqual(['', '']);
});

it('promtool takes the alert rules', async () => {
  expect((await promtool(['check', 'rules', rules])).stdout).toMatch(/SUCCESS: \d+ rules found/);
});

it('each alert has a story', () => {
  expect(stories.map(({ alert }) => alert)).toEqual(alertNames());
});

it.each(stories.map((story) => [story.alert, story] as const))(
  '%s fires when it is time, not before, and clears',
  async (_, story) => {
    const file = join(directory, `${story.alert}.json`);
    await writeFile(file, JSON.stringify(testOf(story)));
    await promtool(['test', 'rules', file]);
  },
);

/** What promtool(1) reads, in JSON, which is YAML as well. */
function testOf({ alert, series, quietAt, firesAt, clearAt, value = 1 }: Story) {
  const isFiring = (at: string, fires: boolean) => ({
    expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
    eval_time: at,
    exp_samples: fires ? [{ labels: '{}', value }] : [],
  });
  return {
    rule_files: [rules],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [isFiring(quietAt, false), isFiring(firesAt, true), isFiring(clearAt, false)],
      },
    ],
  };
}
