import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from '../../src/platform/exec.js';
import { openAdapters } from '../integration/host/adapters.js';
import type { EitherHost } from '../integration/host/either-host.js';
import { connectToMachine } from './connect-to-machine.js';

/** An emulated processor is slow, and the limits that the adapters give are for real ones. */
const slowness = 5;

/**
 * A host in a network namespace of the virtual machine, which has no wireguard-go in its PATH. The adapters are out here;
 * their programs run inside, and find there what they are to read below `scratchDir`.
 */
export async function openGuestHost(name: string): Promise<EitherHost> {
  const connection = await connectToMachine();
  const scratchDir = await mkdtemp(join(tmpdir(), 'moenet-scratch-'));
  const run: Run = (program, args, options = {}) => {
    const files = args.filter((word) => word.startsWith(scratchDir));
    const { timeoutMs } = options;
    const patient = { ...options, timeoutMs: timeoutMs === undefined ? undefined : timeoutMs * slowness };
    const inside = [`--net=/run/netns/${name}`, '--', program, ...args];
    return connection.runWithFiles(files, 'nsenter', inside, patient);
  };
  await connection.run('ip', ['netns', 'add', name]);
  await run('ip', ['link', 'set', 'lo', 'up']);
  // There are no sockets of wireguard-go.
  const nowhere = join(scratchDir, 'nowhere');
  const places = { scratchDir, socketDir: nowhere, unixTable: nowhere, netlinkTable: nowhere };
  return {
    ...openAdapters(run, { implementation: 'auto', ...places }),
    run,
    tunnelKind: 'wireguard',
    hasDummies: true,
    slowness,
    close: async () => {
      await connection.run('ip', ['netns', 'del', name]);
      connection.close();
      await rm(scratchDir, { recursive: true });
    },
  };
}
