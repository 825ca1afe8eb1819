import { ensurePrograms } from '../../src/lab/ensure-programs.js';
import { run } from '../../src/platform/exec.js';

/** Without a browser the run fails here; it never skips. */
export default async function setup(): Promise<void> {
  await ensurePrograms({ names: ['chromium'], install: true, run, log: (text) => console.error(text) });
}
