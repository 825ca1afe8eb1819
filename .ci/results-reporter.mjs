// A reporter for Vitest that writes to the file CI_RESULTS how many tests passed and how long that took, and of each failure what was expected
// and what was there: Vitest's own JSON leaves the difference out.
import { writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

export default class ResultsReporter {
  #startedMs = Date.now();

  onTestRunEnd(modules, unhandledErrors, reason) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const failed = tests.filter((test) => test.result().state === 'failed');
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const failures = [
      ...failed.map((test) => failure(`${test.module.moduleId} > ${test.fullName}`, test.result().errors)),
      ...suites.map((suite) => failure(suite.fullName ?? suite.moduleId, suite.errors())),
      failure('outside of all tests', unhandledErrors),
    ].filter(({ words }) => words !== '');
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    // A run that did not succeed counts as one failure at least: some fail before their first test.
    const failedCount = reason === 'passed' ? 0 : Math.max(1, failures.length);
    const seconds = Math.round((Date.now() - this.#startedMs) / 1000);
    const results = { passed, failed: failedCount, failures, seconds };
    writeFileSync(process.env.CI_RESULTS, JSON.stringify(results));
  }
}

function failure(name, errors) {
  const words = errors.map(({ name, message, diff, stacks = [] }) => {
    const places = stacks.map(({ file, line, column }) => `    at ${file}:${line}:${column}`);
    return stripVTControlCharacters([`${name}: ${message}`, ...(diff ? [diff] : []), ...places].join('\n'));
  });
  return { name, words: words.join('\n') };
}
