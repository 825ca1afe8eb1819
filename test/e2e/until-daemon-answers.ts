import type { Namespace } from '../../src/lab/namespace.js';
import { askStatus } from '../../src/wire/ask.js';
import { until } from '../integration/host/tunnel-host.js';

/** Waits for the daemon of a namespace to answer on its control socket, which has its usual place there. */
export function untilDaemonAnswers({ pid }: Namespace): Promise<void> {
  const runtimeDir = `/proc/${pid}/root/run/moenet-agent`;
  return until('the daemon answers', async () => (await askStatus(runtimeDir)) !== undefined);
}
