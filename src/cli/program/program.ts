import { Command, Option } from 'commander';
import { logLevels } from '../../telemetry/log-levels.js';
import type { Context } from '../commands.js';
import { addDebug } from './debug.js';
import { addLab } from './lab.js';
import { addCheckConfig, addDoctor, addEvents, addExplain, addStatus } from './look.js';
import { addCompletion, addManual, addSchema, addTemplate } from './print.js';
import { addAdopt, addPlan, addResync, addRun, addTeardown } from './reconcile.js';
import { addService } from './service.js';
import { addBird, addMaintenance, addSwitches } from './switch.js';

/** The global options. */
export interface GlobalOptions {
  readonly config?: string;
  readonly socket?: string;
  readonly json?: boolean;
  readonly logLevel: Context['logLevel'];
}

/**
 * The command line: names and options of the commands. A command's code is loaded only when the command runs. Each command
 * gives the promise of its exit code to `finish`; `contextOf` reads the global options. Throws `CommanderError` for usage
 * errors, and for --help and --version.
 */
export function makeProgram(
  version: string,
  contextOf: (options: GlobalOptions) => Context,
  finish: (exitCode: Promise<number>) => void,
): Command {
  const program = new Command('moenet-agent');
  program
    .description('Keeps BGP over WireGuard on this router node as the control plane wants it.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option(
      '-c, --config <file>',
      'configuration file (else $MOENET_CONFIG, /etc/moenet-agent/config.json, /opt/moenet-agent/config.json)',
    )
    .option(
      '--socket <path>',
      "the daemon's socket, or the directory with it (else $MOENET_SOCKET, runtimeDir of the configuration, /run/moenet-agent)",
    )
    .option('--json', 'print one JSON document on standard output')
    .addOption(new Option('--log-level <level>', 'what to log').choices(logLevels).default('info'))
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      '\nWithout a command it runs the daemon; --once and --resync then work as with run.',
    )
    .helpCommand('help [command]', 'print this help, or that of a command')
    .exitOverride();

  const register = (command: Command, start: (context: Context) => Promise<number>) =>
    command.action(() => finish(start(contextOf(program.opts()))));

  addRun(program, register);
  addResync(program, register);
  addPlan(program, register);
  addStatus(program, register);
  addExplain(program, register);
  addEvents(program, register);
  addDoctor(program, register);
  addMaintenance(program, register);
  addSwitches(program, register);
  addAdopt(program, register);
  addTeardown(program, register);
  addCheckConfig(program, register);
  addBird(program, register);
  addDebug(program, register);
  addLab(program, register);
  addTemplate(program, register);
  addSchema(program, register);
  addCompletion(program, register);
  addManual(program, register);
  register(program.command('version').description('print the version'), async ({ io }) => {
    io.stdout.write(`${version}\n`);
    return 0;
  });
  addService(program, register);
  return program;
}
