import { askOrAlone, loadAndWarn } from './ask-or-alone.js';
import type { Context } from './commands.js';
import { printPass } from './terminal/text.js';

/** `moenet-agent run`: the daemon; its exit code. */
export async function runCommand(context: Context): Promise<number> {
  const { config, warnings } = await context.load();
  const { logLevel } = context;
  return context.commands.runDaemon(config, { logLevel, warnings, reload: () => context.load() });
}

/** `moenet-agent run --once`: 0 all applied and reported; 1 something failed, with the reason on standard error. */
export async function runOnceCommand(context: Context): Promise<number> {
  const { commands, logLevel, config } = await loadAndWarn(context);
  const result = await commands.alone(config, 'resync', { force: false }, { logLevel });
  return printPass(context, result);
}

/**
 * `moenet-agent resync`: the daemon reconciles now; without a daemon this process does it once. `force`: believes a list
 * that leaves out many running sessions. `reset`: the session whose pending BGP options apply now.
 */
export async function resyncCommand(
  context: Context,
  request: { readonly force: boolean; readonly reset?: string | undefined },
): Promise<number> {
  const result = await askOrAlone(context, 'resync', request, 'this command makes one pass itself');
  return printPass(context, result);
}
