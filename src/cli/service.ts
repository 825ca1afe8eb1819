import { printable } from '../words/text.js';
import type { Context } from './commands.js';
import { toJson } from './terminal/text.js';

/** `moenet-agent service prepare`: 0 prepared; 1 something could not be done, said on standard error. For the units, as root. */
export async function prepareCommand({ io, json, commands, load }: Context): Promise<number> {
  const { done, problems } = await commands.prepare(() => load({ withoutToken: true }));
  if (json) io.stdout.write(toJson({ done, problems }));
  else for (const line of done) io.stdout.write(`${printable(line)}\n`);
  for (const problem of problems) io.stderr.write(`moenet-agent: ${printable(problem)}\n`);
  // The agent starts all the same, and says what it lacks.
  return 0;
}

/** `moenet-agent service restart-bird`: one line of JSON on standard output. For the unit that the agent asks, as root. */
export async function restartBirdCommand({ io, commands, load }: Context): Promise<number> {
  io.stdout.write(`${JSON.stringify(await commands.restartBirdHere(() => load({ withoutToken: true })))}\n`);
  return 0;
}
