import { type Command, Option } from 'commander';
import { nearest } from '../../config/nearest.js';
import type { Register } from './register.js';

export function addRun(program: Command, register: Register): void {
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
    const { resyncCommand, runCommand, runOnceCommand } = await import('../run.js');
    if (resync) return resyncCommand(context, { force: false });
    return once ? runOnceCommand(context) : runCommand(context);
  });
}

function unknownCommand(program: Command, word: string): never {
  const names = program.commands.map((command) => command.name());
  const near = nearest(word, names);
  program.error(`error: unknown command '${word}'${near ? ` (Did you mean ${near}?)` : ''}`, {
    code: 'commander.unknownCommand',
  });
}

export function addResync(program: Command, register: Register): void {
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
    const { resyncCommand } = await import('../run.js');
    return resyncCommand(context, { force: force === true, reset: session });
  });
}

export function addPlan(program: Command, register: Register): void {
  const plan = program
    .command('plan')
    .description('print what would change, changing nothing')
    .option('--offline', 'use the last good copy, do not ask the control plane')
    .option('--diff', "with the texts of BIRD's files, before and after")
    .option('--sessions <file>', 'what if: with the sessions in this file, an answer of GET sessions');
  register(plan, async (context) => {
    const { planCommand } = await import('../plan.js');
    const { offline, diff, sessions } = plan.opts();
    return planCommand(context, { offline: offline === true, diff: diff === true, sessions });
  });
}

export function addAdopt(program: Command, register: Register): void {
  const adopt = program
    .command('adopt')
    .description('show what the agent left alone of the set-up before it, or take it over')
    .option('--yes', 'take it over, even where that resets sessions');
  register(adopt, async (context) => {
    const { adoptCommand } = await import('../adopt.js');
    return adoptCommand(context, { yes: adopt.opts()['yes'] === true });
  });
}

export function addTeardown(program: Command, register: Register): void {
  const teardown = program
    .command('teardown')
    .description('show what the agent made on this node, or remove it')
    .option('--yes', 'remove it, and give back what it replaced');
  register(teardown, async (context) => {
    const { teardownCommand } = await import('../teardown.js');
    return teardownCommand(context, { yes: teardown.opts()['yes'] === true });
  });
}
