import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const name = 'docs/troubleshooting.md';

/** Where the Debian package has it. */
const installed = join('/usr/share/doc/moenet-agent', name);

/** The page that says what messages mean: the one beside this program, or the Debian package's; undefined where there is none. */
export function troubleshootingPage(script: string | undefined = process.argv[1]): string | undefined {
  return [...besideProgram(script), installed].find((path) => existsSync(path));
}

/** The npm package has the program in `dist`, and `docs` beside that. The single executable has no script. */
function besideProgram(script: string | undefined): string[] {
  if (script === undefined || !existsSync(script)) return [];
  const directory = dirname(realpathSync(script));
  return basename(directory) === 'dist' ? [join(dirname(directory), name)] : [];
}
