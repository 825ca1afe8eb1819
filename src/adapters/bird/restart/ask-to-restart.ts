import { z } from 'zod';
import type { BirdRestarted } from '../../../shell/ports/bird.js';
import { askHelper } from '../../service/helper.js';

/** What the helper writes: one line of JSON. */
export type RestartAnswer = z.infer<typeof answerSchema>;

const answerSchema = z.union([
  z.object({ kind: z.literal('restarted') }),
  z.object({ kind: z.literal('not-begun'), reason: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);

/** Longer than the helper's own limits together. */
const timeoutMs = 170_000;

/** Has moenet-agent-bird@.service restart BIRD (`restartDaemon`), for which this process lacks the rights. Throws as that does. */
export async function askToRestart(socket: string, signal?: AbortSignal): Promise<BirdRestarted> {
  const text = await askHelper({ socket, input: '\n', end: /\n$/, timeoutMs }, signal);
  const answer = answerSchema.parse(JSON.parse(text));
  if (answer.kind === 'failed') throw new Error(answer.reason);
  return answer;
}
