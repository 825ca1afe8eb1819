import type { AgentConfig } from '../config/agent-config.js';
import type { AnswerOf, RequestOf } from '../shell/daemon-api.js';
import type { AloneName } from '../wire/alone.js';
import type { Context } from './commands.js';
import { printWarnings } from './terminal/text.js';

interface Configured extends Context {
  readonly config: AgentConfig;
}

/** Adds the configuration, for a command that prints its warnings. Throws `ConfigError`. */
export async function loadAndWarn(context: Context): Promise<Configured> {
  const { config, warnings } = await context.load();
  await printWarnings(context.io, warnings);
  return { ...context, config };
}

/**
 * Asks the running daemon, for which nobody needs to read the configuration. Without one, prints `instead`, loads the configuration and
 * does it in this process. Throws `ConfigError`.
 */
export async function askOrAlone<N extends AloneName>(
  context: Context,
  name: N,
  request: RequestOf<N>,
  instead?: string,
): Promise<AnswerOf<N>> {
  const { io, commands, logLevel } = context;
  const answer = await commands.ask(await context.place(), name, request);
  if (answer !== undefined) return answer;
  const { config } = await loadAndWarn(context);
  if (instead !== undefined) io.stderr.write(`moenet-agent: no daemon is running; ${instead}\n`);
  return commands.alone(config, name, request, { logLevel });
}
