import { basename, join } from 'node:path';
import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { run } from '../../src/platform/exec.js';
import { formatTable } from '../setup/format-table.js';
import { releaseNamed } from './releases.js';

/** After everything: a row for each file of tests, a column for each BIRD, and in it how many of the tests held. */
export default class TableReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const names = this.#vitest?.projects.map(({ name }) => name) ?? [];
    const heads = await Promise.all(names.map(async (name) => [name, await versionOf(name)]));
    const files = [...new Set(modules.map(fileOf))].sort();
    const held = (file: string, name: string) =>
      heldOf(modules.filter((module) => fileOf(module) === file && module.project.name === name));
    const rows = files.map((file) => [file, ...names.map((name) => held(file, name))]);
    const columns = [
      ['', ...heads.map(([name = '']) => name)],
      ['', ...heads.map(([, version = '']) => version)],
    ];
    this.#vitest?.logger.log(`\n${formatTable([...columns, ...rows])}\n`);
  }
}

function fileOf(module: TestModule): string {
  return basename(module.moduleId, '.test.ts');
}

/** `12 held`, `1 of 12 failed`; `failed` where a file came to no test at all. */
function heldOf(modules: readonly TestModule[]): string {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const passed = tests.filter((test) => test.result().state === 'passed').length;
  if (modules.length === 0) return 'not run';
  const ok = modules.every((module) => module.ok()) && passed === tests.length && passed > 0;
  return ok ? `${passed} held` : `${tests.length - passed} of ${tests.length} failed`;
}

async function versionOf(name: string): Promise<string> {
  const bird = join(releaseNamed(name).directory, 'bin/bird');
  const answer = await run(bird, ['--version']).catch(() => undefined);
  return /BIRD version (\S+)/.exec(`${answer?.stdout}${answer?.stderr}`)?.[1] ?? 'not there';
}
