import { askIfRunning } from '../../src/http/client.js';
import type { Namespace } from '../../src/lab/namespace.js';
import { until } from '../integration/host/tunnel-host.js';

/** Waits for the daemon of a namespace to answer on its control socket, which has its usual place there. */
export function untilDaemonAnswers({ pid }: Namespace): Promise<void> {
  const runtimeDir = `/proc/${pid}/root/run/moenet-agent`;
  return until(
    'the daemon answers',
    async () => (await askIfRunning(runtimeDir, 'status', {})) !== undefined,
  );
}
