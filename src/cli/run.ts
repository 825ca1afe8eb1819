import type { Context } from './commands.js';
import { printPass, printWarnings } from './text.js';

/** `moenet-agent run`: the daemon; its exit code. */
export async function runCommand(context: Context): Promise<number> {
  const { config, warnings } = await context.load();
  const { logLevel } = context;
  return context.commands.runDaemon(config, { logLevel, warnings, reload: () => context.load() });
}

/** `moenet-agent run --once`: 0 all applied and reported; 1 something was not, said on standard error. */
export async function runOnceCommand(context: Context): Promise<number> {
  const { config, warnings } = await context.load();
  printWarnings(context.io, warnings);
  const result = await context.commands.runOnce(config, { logLevel: context.logLevel });
  return printPass(context.io, result, context.json);
}

/**
 * `moenet-agent resync`: the daemon reconciles now; without one this process does it once. With `force` also a list that
 * leaves out many running sessions is believed.
 */
export async function resyncCommand(
  context: Context,
  { force }: { readonly force: boolean },
): Promise<number> {
  const { io, commands, logLevel } = context;
  const { config, warnings } = await context.load();
  printWarnings(io, warnings);
  const result = await commands.askResync(config.runtimeDir, force);
  if (result) return printPass(io, result, context.json);
  io.stderr.write('moenet-agent: no daemon is running; doing one pass without it\n');
  return printPass(io, await commands.runOnce(config, { logLevel, force }), context.json);
}
