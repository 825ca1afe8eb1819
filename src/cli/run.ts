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
