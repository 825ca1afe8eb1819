import { resolve } from 'node:path';
import { openNamespace } from '../../../src/lab/namespace.js';
import type { Figure } from '../figures.js';
import { timed } from '../timed.js';
import { figuresOf } from './figures-of.js';

/** `--version` beside a Node that does nothing, in turn. */
export async function measureStartUp(runs: number): Promise<readonly Figure[]> {
  const namespace = await openNamespace('start-up');
  try {
    const cpu = async (...command: string[]) => (await timed(namespace, command)).cpuSeconds;
    const both = async () => {
      const own = await cpu('node', resolve('dist/main.js'), '--version');
      return { 'start.cpu': own, 'start.ratio': own / (await cpu('node', '-e', '0')) } as const;
    };
    // The first run reads the files from the disk.
    await both();
    const all = [];
    for (let run = 0; run < runs; run += 1) all.push(await both());
    return figuresOf(0, all);
  } finally {
    await namespace.close();
  }
}
