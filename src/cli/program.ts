import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { nearest } from '../config/nearest.js';
import { logLevels } from '../telemetry/log-levels.js';
import type { Context } from './commands.js';

/** The global options. */
export interface GlobalOptions {
  readonly config?: string;
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
    .option('--json', 'print one JSON document on standard output')
    .addOption(new Option('--log-level <level>', 'what to log').choices(logLevels).default('info'))
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      '\nWithout a command it runs the daemon; --once and --resync then work as with run.',
    )
    .helpCommand(false)
    .exitOverride();

  const register = (command: Command, start: (context: Context) => Promise<number>) =>
    command.action(() => finish(start(contextOf(program.opts()))));

  addRun(program, register);
  addResync(program, register);
  addPlan(program, register);
  addStatus(program, register);
  addMaintenance(program, register);
  addSwitches(program, register);
  addAdopt(program, register);
  addBird(program, register);
  addLab(program, register);
  return program;
}

type Register = (command: Command, start: (context: Context) => Promise<number>) => Command;

function addRun(program: Command, register: Register): void {
  const run = program.command('run', { isDefault: true });
  run
    .description('run the daemon (default)')
    .addOption(new Option('--once', 'fetch, apply and report once, then stop').conflicts('resync'))
    .option('--resync', 'the same as the command resync')
    // Unknown commands end up here, as arguments of the default command.
    .allowExcessArguments();
  register(run, async (context) => {
    const [word] = run.args;
    if (word !== undefined) unknownCommand(program, word);
    const { once, resync } = run.opts();
    const { resyncCommand, runCommand, runOnceCommand } = await import('./run.js');
    if (resync) return resyncCommand(context, { force: false });
    return once ? runOnceCommand(context) : runCommand(context);
  });
}

function addResync(program: Command, register: Register): void {
  const resync = program
    .command('resync')
    .description('make a running daemon fetch and reconcile now, and print what it did')
    .option('--force', 'believe a list that leaves out many running sessions')
    .option('--session <session>', 'with --reset: its interface, ASN, uuid or BIRD protocol')
    .option('--reset', 'change the BGP options that wait until this session goes down; resets it');
  register(resync, async (context) => {
    const { force, session, reset } = resync.opts();
    if ((session === undefined) !== (reset === undefined))
      program.error("error: options '--session' and '--reset' belong together");
    const { resyncCommand } = await import('./run.js');
    return resyncCommand(context, { force: force === true, reset: session });
  });
}

function unknownCommand(program: Command, word: string): never {
  const names = program.commands.map((command) => command.name());
  const near = nearest(word, names);
  program.error(`error: unknown command '${word}'${near ? ` (Did you mean ${near}?)` : ''}`, {
    code: 'commander.unknownCommand',
  });
}

function addPlan(program: Command, register: Register): void {
  const plan = program
    .command('plan')
    .description('print what would change, changing nothing')
    .option('--offline', 'use the last good copy, do not ask the control plane');
  register(plan, async (context) => {
    const { planCommand } = await import('./plan.js');
    return planCommand(context, { offline: plan.opts()['offline'] === true });
  });
}

function addStatus(program: Command, register: Register): void {
  const status = program
    .command('status')
    .description("show the node's state, problems first")
    .option('--watch', 'refresh until Ctrl-C');
  register(status, async (context) => {
    const watch = status.opts()['watch'] === true;
    if (watch && context.json) program.error("error: option '--watch' cannot be used with option '--json'");
    const { statusCommand } = await import('./status.js');
    return statusCommand(context, { watch });
  });
}

function addMaintenance(program: Command, register: Register): void {
  const maintenance = program
    .command('maintenance')
    .description('lead traffic away from this node before it is turned off (RFC 8326)')
    .addArgument(new Argument('<word>', 'what to do').choices(['on', 'off', 'status']));
  register(maintenance, async (context) => {
    const { maintenanceCommand } = await import('./maintenance.js');
    return maintenanceCommand(context, maintenance.processedArgs[0]);
  });
}

function addSwitches(program: Command, register: Register): void {
  const disable = program
    .command('disable')
    .description(
      'disable one BGP session on this node, also after restarts; traffic is led away from it first',
    )
    .argument('<session>', 'its interface, its ASN or its uuid')
    .option('--now', 'at once, without leading its traffic away for a minute');
  register(disable, async (context) => {
    const now = disable.opts()['now'] === true;
    const { switchSessionCommand } = await import('./switch-session.js');
    return switchSessionCommand(context, { session: disable.args[0] ?? '', to: 'disabled', now });
  });
  const enable = program
    .command('enable')
    .description('enable a session that was disabled on this node, by disable or with birdc')
    .argument('<session>', 'its interface, its ASN or its uuid');
  register(enable, async (context) => {
    const { switchSessionCommand } = await import('./switch-session.js');
    return switchSessionCommand(context, { session: enable.args[0] ?? '', to: 'enabled', now: true });
  });
}

function addAdopt(program: Command, register: Register): void {
  const adopt = program
    .command('adopt')
    .description('show what the agent left alone of the set-up before it, or take it over')
    .option('--yes', 'take it over, even where that resets sessions');
  register(adopt, async (context) => {
    const { adoptCommand } = await import('./adopt.js');
    return adoptCommand(context, { yes: adopt.opts()['yes'] === true });
  });
}

function addBird(program: Command, register: Register): void {
  const bird = program.command('bird').description('what concerns the BIRD daemon itself');
  const restart = bird
    .command('restart')
    .description('restart BIRD, as after an upgrade of it, without the loss of a route');
  register(restart, async (context) => {
    const { birdRestartCommand } = await import('./bird-restart.js');
    return birdRestartCommand(context);
  });
}

function addLab(program: Command, register: Register): void {
  const lab = program
    .command('lab')
    .description('run a small network in namespaces on this machine')
    .option('--once', 'exit after the network has converged and the checks are done')
    .option('--no-steps', 'check the converged network, but change nothing in it')
    .option('--keep', 'keep the network up until Ctrl-C')
    .option('--nodes <n>', 'number of nodes', wholeNumber)
    .option('--peers <n>', 'number of external peers', wholeNumber)
    .addOption(
      new Option('--dialect <name>', 'what the control plane speaks')
        .choices(['documented', 'moenet-core'])
        .default('documented'),
    )
    .option('--topology <file>', 'also draw the network, as SVG, into this file');
  register(lab, async ({ io, json }) => {
    const { labCommand } = await import('./lab.js');
    return labCommand({ ...lab.opts(), json }, io);
  });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}
