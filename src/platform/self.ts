import { realpathSync } from 'node:fs';
import { isSea } from 'node:sea';
import packageJson from '../../package.json?raw';

/** The program's version: the package's, or what the build has put in its place. */
export const version: string = JSON.parse(packageJson).version;

/** The file that is this program: an installation replaces it. */
export const programFile: string = isSea()
  ? process.execPath
  : realpathSync(process.argv[1] ?? process.execPath);

/**
 * The command that starts this same program again, without its arguments. The single executable is a program of its own; else
 * Node runs the file `argv[1]`.
 */
export const selfCommand: readonly string[] = isSea()
  ? [process.execPath]
  : [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2)];
