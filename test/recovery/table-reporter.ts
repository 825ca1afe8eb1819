import type { TestCase } from 'vitest/node';
import { run } from '../../src/platform/exec.js';
import { MarkdownTable } from '../setup/markdown-table.js';
import { neighborDaemons } from './neighbors.js';
import type { Recovery } from './trials.js';

const trials = ['a', 'b', 'c9', 'd', 'f'] as const;

/** After everything: the table, as the README has it. */
export default class TableReporter extends MarkdownTable {
  protected override async rows(tests: readonly TestCase[]) {
    const found = tests.flatMap((test) => test.meta().recovery ?? []);
    const neighbors = [...new Set(found.map(({ neighbor }) => neighbor))];
    const names = new Map(
      await Promise.all(neighbors.map(async (name) => [name, await versionOf(name)] as const)),
    );
    const byVersion = (a: string, b: string) =>
      (names.get(a) ?? '').localeCompare(names.get(b) ?? '', 'en', { numeric: true });
    const rows = neighbors.sort(byVersion).flatMap((neighbor) =>
      (['defaults', 'ours'] as const).map((options) => {
        const cell = (trial: string) =>
          found.find(
            (each) => each.neighbor === neighbor && each.options === options && each.trial === trial,
          );
        return [names.get(neighbor) ?? neighbor, options, ...trials.map((trial) => textOf(cell(trial)))];
      }),
    );
    return [['neighbor', 'our options', ...trials], ...rows];
  }
}

/** Seconds; in brackets those after the repair, or those in which the neighbor had lost our route and the kernel the neighbor's. */
function textOf(recovery: Recovery | undefined): string {
  if (!recovery) return '';
  const { totalMs, afterRepairMs, lostMs } = recovery;
  const more = afterRepairMs !== undefined ? ` (${seconds(afterRepairMs)})` : '';
  const lost = lostMs ? ` (${seconds(lostMs.neighbor)}, ${seconds(lostMs.kernel)})` : '';
  return `${seconds(totalMs)}${more}${lost}`;
}

function seconds(ms: number): string {
  return ms >= 20_000 || ms < 50 ? String(Math.round(ms / 1000)) : (ms / 1000).toFixed(1);
}

/** `BIRD 2.17.6`, `FRR 10.3`. */
async function versionOf(name: string): Promise<string> {
  const daemon = neighborDaemons[name];
  const [program, kind] =
    daemon?.kind === 'frr' ? [`${daemon.programs}/bgpd`, 'FRR'] : [daemon?.bird ?? 'bird', 'BIRD'];
  const { stdout, stderr } = await run(program, ['--version']);
  return `${kind} ${/version (\S+)/.exec(stdout + stderr)?.[1] ?? name}`;
}
