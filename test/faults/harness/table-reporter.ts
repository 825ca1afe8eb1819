import { basename } from 'node:path';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import { formatTable } from '../../setup/format-table.js';
import type { Finding } from './trial.js';

const maxSeen = 90;

/** The files in the order of their rows: from what is outside to what the agent itself does. Others come last. */
const order = [
  'control-plane',
  'slow-control-plane',
  'crowd',
  'dns',
  'claims',
  'clock',
  'disk',
  'state',
  'machine',
  'bird',
  'node-protocols',
  'restart',
  'upgrade',
  'two-agents',
  'signals',
  'kill-gate',
  'kill-steps',
  'kill-random',
];

/** After everything: a row for each fault, with what was seen of it, how soon, and how soon all was well again. */
export default class TableReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const inOrder = modules.toSorted((a, b) => rankOf(a) - rankOf(b));
    const tests = inOrder.flatMap((module) => [...module.children.allTests()]);
    const rows = tests.filter((test) => test.result().state !== 'skipped').map(rowOf);
    const head = ['fault', 'survived', 'named after', 'recovered in', 'seen'];
    this.#vitest?.logger.log(`\n${formatTable([head, ...rows])}\n`);
  }
}

function rankOf({ moduleId }: TestModule): number {
  const rank = order.indexOf(basename(moduleId, '.test.ts'));
  return rank === -1 ? order.length : rank;
}

function rowOf(test: TestCase): string[] {
  const finding: Finding | undefined = test.meta().finding;
  const survived = test.result().state === 'passed' ? 'yes' : 'NO';
  const times = finding ? [seconds(finding.namedMs), seconds(finding.recoveredMs)] : ['', ''];
  const seen = finding?.seen ?? '';
  return [
    test.fullName.replaceAll(' > ', ': '),
    survived,
    ...times,
    seen.length > maxSeen ? `${seen.slice(0, maxSeen)}...` : seen,
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
