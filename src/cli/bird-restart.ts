import type { BirdRestart } from '../shell/operations/restart-bird.js';
import { printable } from '../words/text.js';
import { askOrAlone } from './ask-or-alone.js';
import type { Context } from './commands.js';
import { printAnswer, printErrors } from './terminal/text.js';

/** `moenet-agent bird restart`: 0 nothing was lost; 1 something was, or it could not be done, said on standard error. */
export async function birdRestartCommand(context: Context): Promise<number> {
  const result = await askOrAlone(context, 'restartBird', {}, 'this command restarts BIRD itself');
  await printAnswer(context, result, describe);
  await printErrors(context.io, result.errors.map(printable));
  return result.ok ? 0 : 1;
}

function describe({ version, sessions, routes, seconds }: BirdRestart): string {
  if (!version || !sessions || !routes) return '';
  const { before, after } = version;
  const change = before === after ? before : `${before} → ${after}`;
  const lostSessions = sessions.lost.length > 0 ? `, lost: ${printable(sessions.lost.join(', '))}` : '';
  const lines = [
    `BIRD ${printable(change)} restarted in ${seconds} s`,
    `sessions Established: ${sessions.before} before, ${sessions.after} after${lostSessions}`,
    `routes in the kernel: ${routes.before} before, at least ${routes.fewest} meanwhile, ${routes.after} after, ${routes.lost} of them lost`,
    sessions.lost.length === 0 && routes.lost === 0 && routes.fewest >= routes.before
      ? 'nothing was lost'
      : 'something was lost',
  ];
  return `${lines.join('\n')}\n`;
}
