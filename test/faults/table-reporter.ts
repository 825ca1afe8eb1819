import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';
import { formatTable } from '../setup/format-table.js';
import type { Finding } from './trial.js';

const maxSeen = 90;

/** After everything: a row for each fault, with what was seen of it, how soon, and how soon all was well again. */
export default class TableReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const rows = tests.filter((test) => test.result().state !== 'skipped').map(rowOf);
    const head = ['fault', 'survived', 'named after', 'recovered in', 'seen'];
    this.#vitest?.logger.log(`\n${formatTable([head, ...rows])}\n`);
  }
}

function rowOf(test: TestCase): string[] {
  const finding: Finding | undefined = test.meta().finding;
  const survived = test.result().state === 'passed' ? 'yes' : 'NO';
  const times = finding ? [seconds(finding.namedMs), seconds(finding.recoveredMs)] : ['', ''];
  const seen = finding?.seen ?? '';
  return [test.name, survived, ...times, seen.length > maxSeen ? `${seen.slice(0, maxSeen)}...` : seen];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
