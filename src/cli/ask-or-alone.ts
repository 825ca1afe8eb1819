import type { AgentConfig } from '../config/agent-config.js';
import type { AnswerOf, RequestOf } from '../shell/daemon-api.js';
import type { AloneName } from '../wire/alone.js';
import type { Context } from './commands.js';
import { printWarnings } from './terminal/text.js';

export interface Configured extends Context {
  readonly config: AgentConfig;
}

/** Adds the configuration, for a command that prints its warnings. Throws `ConfigError`. */
export async function loadAndWarn(context: Context): Promise<Configured> {
  const { config, warnings } = await context.load();
  printWarnings(context.io, warnings);
  return { ...context, config };
}

/** Asks the running daemon. Without one, prints `instead` and does it in this process. */
export async function askOrAlone<N extends AloneName>(
  { io, commands, logLevel, config }: Configured,
  name: N,
  request: RequestOf<N>,
  instead?: string,
): Promise<AnswerOf<N>> {
  const answer = await commands.ask(config, name, request);
  if (answer !== undefined) return answer;
  if (instead !== undefined) io.stderr.write(`moenet-agent: no daemon is running; ${instead}\n`);
  return commands.alone(config, name, request, { logLevel });
}
