import { type Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.js';
import { wordsOf } from '../core/model/words-of.js';
import { noRightsWords } from '../platform/no-rights.js';
import type { Commands } from '../wire/commands.js';
import { type Context, exitCodes, type Io } from './commands.js';
import { type GlobalOptions, makeProgram } from './program/program.js';

/** Runs the command in `args` (without node and script); never throws. Returns the exit code. */
export async function runCli(
  args: readonly string[],
  version: string,
  io: Io,
  commands: Commands,
): Promise<number> {
  let exitCode = Promise.resolve(0);
  let json = false;
  let program: Command | undefined;
  const contextOf = (options: GlobalOptions): Context => {
    json = options.json === true;
    const load: Context['load'] = async (needs) => {
      const { loadConfig } = await import('../config/load.js');
      return loadConfig({ path: options.config, env: io.env, cwd: io.cwd, ...needs });
    };
    const place = async () => {
      const { findDaemon } = await import('../config/find-daemon.js');
      const { config: path, socket } = options;
      const found = await findDaemon({ path, socket, env: io.env, cwd: io.cwd });
      if (found.warning !== undefined) {
        const { printWarnings } = await import('./terminal/text.js');
        await printWarnings(io, [found.warning]);
      }
      return found.place;
    };
    return { io, commands, json, logLevel: options.logLevel, configPath: options.config, load, place };
  };
  try {
    program = makeProgram(version, contextOf, (code) => {
      exitCode = code;
    });
    for (const command of [program, ...program.commands]) {
      command.configureOutput({
        writeOut: (text) => io.stdout.write(text),
        // The code below prints it in one line, with a hint.
        writeErr: () => {},
        getOutHelpWidth: () => io.stdout.columns ?? 100,
      });
    }
    program.parse(args, { from: 'user' });
    return await exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error, io, json);
    if (error.exitCode === 0) return 0;
    const { describeUsage } = await import('./usage-error.js');
    const { printErrors } = await import('./terminal/text.js');
    await printErrors(io, [describeUsage(error, args, program)]);
    return exitCodes.usage;
  }
}

/** Prints the error on standard error, under `--json` on standard output as well. Returns the exit code. */
async function report(error: unknown, io: Io, json: boolean): Promise<number> {
  const { printErrors, toJson } = await import('./terminal/text.js');
  const message = noRightsWords(error) ?? wordsOf(error);
  await printErrors(io, [message]);
  const problems = error instanceof ConfigError ? { problems: error.problems } : {};
  if (json) io.stdout.write(toJson({ error: message, ...problems }));
  return error instanceof ConfigError ? exitCodes.config : 1;
}
