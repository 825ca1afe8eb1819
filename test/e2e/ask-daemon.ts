import { askIfRunning } from '../../src/http/client.js';
import type { Namespace } from '../../src/lab/namespace.js';
import type { AnswerOf, OperationName, RequestOf } from '../../src/shell/daemon-api.js';
import type { ResyncResult } from '../../src/shell/status/status.js';
import { until } from '../integration/host/tunnel-host.js';

/**
 * Asks the daemon of a namespace on its control socket, which has its usual place there; undefined where none runs. Where a test is about
 * what the daemon does and not about the command, this is what the command does, without the start of a program.
 */
function askDaemon<N extends OperationName>(
  { pid }: Namespace,
  name: N,
  wanted: RequestOf<N>,
): Promise<AnswerOf<N> | undefined> {
  return askIfRunning(`/proc/${pid}/root/run/moenet-agent`, name, wanted);
}

/** As `askDaemon`, of a daemon that runs. */
export async function askRunning<N extends OperationName>(
  namespace: Namespace,
  name: N,
  wanted: RequestOf<N>,
): Promise<AnswerOf<N>> {
  const answer = await askDaemon(namespace, name, wanted);
  if (answer === undefined) throw new Error('no daemon is running');
  return answer;
}

export function untilDaemonAnswers(namespace: Namespace): Promise<void> {
  // While it starts over, it may close a connection that it has taken.
  const answer = () => askDaemon(namespace, 'status', {}).catch(() => undefined);
  return until('the daemon answers', async () => (await answer()) !== undefined);
}

/** Waits for the end of the daemon's first pass. */
export function untilFirstPass(namespace: Namespace): Promise<void> {
  return until(
    'the first pass is over',
    async () => (await askDaemon(namespace, 'status', {}))?.lastPass !== undefined,
  );
}

/** Makes a daemon fetch and reconcile now. One that has just started refuses until its first pass. */
export async function resync(namespace: Namespace): Promise<ResyncResult> {
  await untilFirstPass(namespace);
  return askRunning(namespace, 'resync', { force: false });
}
