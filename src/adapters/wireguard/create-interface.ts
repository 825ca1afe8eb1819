import pLimit from 'p-limit';
import type { InterfaceName } from '../../core/model/values/interface-name.js';
import { wordsOf } from '../../core/model/words-of.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import { installHint } from '../../platform/install-hint.js';
import type { Links, MadeInterfaces } from '../../shell/ports/host.js';
import type { LinkListeners } from '../iproute2/link-listeners.js';
import { askHelper } from '../service/helper.js';
import { askDevice, deviceSocket } from './device-socket.js';
import type { KernelSupport } from './kernel-support.js';
import { runOutsideService } from './own-scope.js';

type Implementation = 'kernel' | 'userspace';

export interface CreateOptions {
  readonly run: Run;
  readonly links: Pick<Links, 'apply'>;
  readonly implementation: 'auto' | Implementation;
  /** The socket on which systemd starts a wireguard-go in a unit of its own; without it, it is this process's child. */
  readonly launcher?: string | undefined;
  /** Where the sockets of wireguard-go are. */
  readonly socketDir: string;
  readonly listeners?: LinkListeners | undefined;
  readonly kernelSupport?: KernelSupport | undefined;
}

/** So many wireguard-go are started at a time: most of a start is a wait. */
const atATime = 8;

/**
 * Makes WireGuard interfaces: in the kernel, all by one or two `ip`, or with one wireguard-go each. With `auto` the kernel is
 * asked again and again, for its module may come and go. Says which the kernel made, and why others were not made.
 */
export async function createInterfaces(
  options: CreateOptions,
  names: readonly InterfaceName[],
  signal?: AbortSignal,
): Promise<MadeInterfaces> {
  const { implementation, kernelSupport } = options;
  const [first] = names;
  if (first === undefined) return { inKernel: new Set(), failures: new Map() };
  const isAbsent = implementation === 'auto' && kernelSupport?.isAbsent();
  if (implementation === 'userspace' || isAbsent) return createInUserspace(options, names, signal);
  // One alone first where it must load its module: a kernel without WireGuard looks for the module each time.
  const portions = kernelSupport?.isThere() ? [names] : [[first], names.slice(1)];
  const failures = new Map<string, string>();
  for (const portion of portions) {
    for (const [name, words] of await createInKernel(options, portion, signal)) failures.set(name, words);
    if (isWithoutKernelSupport(failures.get(first))) break;
  }
  if (!isWithoutKernelSupport(failures.get(first)))
    return { inKernel: new Set(names.filter((name) => !failures.has(name))), failures };
  kernelSupport?.noteAbsent();
  if (implementation === 'auto') return createInUserspace(options, names, signal);
  return { inKernel: new Set(), failures: new Map(names.map((name) => [name, noModule])) };
}

const module = 'load it (modprobe wireguard; after an update of the kernel, reboot first)';

const noModule = `the kernel has no WireGuard, and the configuration asks for it (wireguard.implementation is "kernel"): ${module}, or set wireguard.implementation to "auto" and install wireguard-go`;

async function createInKernel(
  { links }: CreateOptions,
  names: readonly InterfaceName[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  return links.apply(
    names.map((name) => ({ interface: name, create: 'wireguard' })),
    signal,
  );
}

/** True for what `ip` says where the kernel has no WireGuard, not even as a module it could load. */
function isWithoutKernelSupport(words: string | undefined): boolean {
  return words !== undefined && /unknown device type|not supported/i.test(words);
}

async function createInUserspace(
  options: CreateOptions,
  names: readonly InterfaceName[],
  signal: AbortSignal | undefined,
): Promise<MadeInterfaces> {
  const failures = new Map<string, string>();
  await pLimit(atATime).map(names, async (name, index) => {
    signal?.throwIfAborted();
    // Each new interface is told to those that are there.
    if (index % atATime === 0) await options.listeners?.settle(signal);
    try {
      await startServer(options, name, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const isMissing = error instanceof ProgramError && error.missing && options.implementation === 'auto';
      failures.set(name, isMissing ? neither : wordsOf(error));
    }
  });
  return { inKernel: new Set(), failures };
}

type ServerOptions = Pick<CreateOptions, 'run' | 'launcher' | 'socketDir'>;

const neither = `the kernel has no WireGuard, and wireguard-go is not installed: ${module}, or install wireguard-go${installHint('wireguard-go')}`;

/**
 * Makes a TUN interface with a wireguard-go daemon behind it, which lives until the interface is deleted. It serves when
 * this returns; one that ended right after its start, which happens where the machine is very busy, is started once more.
 * Throws `ProgramError` with the reason.
 */
async function startServer(
  options: ServerOptions,
  name: InterfaceName,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let starts = 0; starts < 2; starts++) {
    await start(options, name, signal);
    if (await serves(options, name, signal)) return;
  }
  throw failure(name, 0, 'ended right after its start');
}

/** What has gone wrong wireguard-go prints on stdout; on stderr there is only a banner, which is no error. */
async function start(
  { run, launcher }: ServerOptions,
  name: InterfaceName,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = { signal, leavesDaemon: true, okExitCodes: [1] };
  const { exitCode, stdout } =
    launcher === undefined
      ? await runOutsideService(run, ['wireguard-go', name], options)
      : await launch(launcher, name, signal);
  if (exitCode === 0) return;
  const reason = stdout.replace(/^ERROR: \(.*?\) [\d/]+ [\d:]+ /gm, '').trim() || 'gives no reason';
  throw failure(name, exitCode, reason);
}

/** By moenet-agent-wireguard@.service, which has the right to, and writes what wireguard-go prints and its exit code. */
async function launch(socket: string, name: InterfaceName, signal: AbortSignal | undefined) {
  const end = /^exit (\d+)\n$/m;
  const answer = await askHelper({ socket, input: `${name}\n`, end, timeoutMs: 15_000 }, signal);
  const exitCode = Number(end.exec(answer)?.[1]);
  // 127: the shell's own.
  if (exitCode === 127) {
    const facts = { program: 'wireguard-go', exitCode, stderr: '', missing: true };
    throw new ProgramError({
      ...facts,
      message: `wireguard-go is not installed${installHint('wireguard-go')}`,
    });
  }
  return { exitCode, stdout: answer.replace(end, '') };
}

/** The control socket is there before the daemon is: it answers when the daemon does, or breaks when that ends. */
async function serves(
  { run, socketDir }: ServerOptions,
  name: InterfaceName,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const path = deviceSocket(socketDir, name);
  const answer = await askDevice({ path, request: 'get=1\n', timeoutMs: 10_000 }, signal);
  if (answer !== 'no socket') return answer !== 'ended';
  // One that was built with another path: wg(8) knows it, or says that there is none.
  return (await run('wg', ['show', name, 'listen-port'], { signal, okExitCodes: [1] })).exitCode === 0;
}

function failure(name: InterfaceName, exitCode: number, reason: string): ProgramError {
  const message = `wireguard-go ${name}: ${reason}`;
  return new ProgramError({ program: 'wireguard-go', exitCode, stderr: reason, missing: false, message });
}
