import { readdir } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { ObservedWireGuard } from '../../core/model/observed.js';
import { wordsOf } from '../../core/model/words-of.js';
import { ProgramError, type Run } from '../../platform/exec.js';
import { findServers, isStillStopped } from './interface-server.js';
import { parseDump } from './parse.js';

export interface ReadOptions {
  readonly run: Run;
  /** The names of the interfaces that are the kernel's. */
  readonly kernelInterfaces: (signal?: AbortSignal) => Promise<readonly string[]>;
  /** Where the sockets of the others lie. */
  readonly socketDir: string;
  /** /proc/net/unix of the host. */
  readonly unixTable: string;
}

/** For all interfaces in one command. One process that is stopped makes `wg` wait for ever. */
const allTimeoutMs = 5_000;
const oneTimeoutMs = 3_000;
/** Before an interface counts as one that does not answer: the machine may just be very busy. */
const lastTimeoutMs = 10_000;
/** So many are read at a time: those that do not answer must not make the others wait. */
const atATime = 16;

/**
 * Reads all WireGuard interfaces: by one `wg show all dump`, and where that fails, or leaves one out, by one `wg show NAME dump`
 * each. An interface that cannot be read has `unread`, with what was seen of it last. Throws `ProgramError` where `wg` itself does
 * not work.
 */
export function deviceReader(options: ReadOptions): (signal?: AbortSignal) => Promise<ObservedWireGuard[]> {
  let last: ReadonlyMap<string, ObservedWireGuard> = new Map();
  return async (signal) => {
    const devices =
      unreadOf(last).length === 0 ? await readAll(options, signal) : await readEach(options, last, signal);
    const all = devices ?? (await readEach(options, last, signal));
    last = new Map(all.map((device) => [device.interface, device]));
    return all;
  };
}

/** Undefined where an interface could not be read. */
async function readAll({ run }: ReadOptions, signal: AbortSignal | undefined) {
  try {
    const options = { signal, timeoutMs: allTimeoutMs };
    const { stdout, stderr } = await run('wg', ['show', 'all', 'dump'], options);
    // `wg` says so of one interface, leaves it out, and ends with 0 where it could read another.
    return /^Unable to access interface/m.test(stderr) ? undefined : [...parseDump(stdout)];
  } catch (error) {
    if (signal?.aborted || !(error instanceof ProgramError) || error.missing) throw error;
    // Where it does not even start, nobody else is to blame.
    await run('wg', ['--version'], { signal, timeoutMs: oneTimeoutMs }).catch(() => Promise.reject(error));
    return undefined;
  }
}

async function readEach(
  options: ReadOptions,
  last: ReadonlyMap<string, ObservedWireGuard>,
  signal: AbortSignal | undefined,
): Promise<ObservedWireGuard[]> {
  const devices = new Map<string, ObservedWireGuard>();
  const failed = new Map<string, string>();
  const interfaces = (await listInterfaces(options, signal)).sort(
    (a, b) => Number(isUnread(last.get(a))) - Number(isUnread(last.get(b))),
  );
  await pLimit(atATime).map(interfaces, async (name) => {
    const before = last.get(name);
    const server = before?.unread?.server;
    if (before && server && (await isStillStopped(server))) return devices.set(name, before);
    const read = await readOne(options.run, name, oneTimeoutMs, signal);
    return typeof read === 'string' ? failed.set(name, read) : devices.set(name, read);
  });
  for (const device of await explain(failed, options, last, signal)) devices.set(device.interface, device);
  return [...devices.values()].sort((a, b) => (a.interface < b.interface ? -1 : 1));
}

async function listInterfaces(
  { kernelInterfaces, socketDir }: ReadOptions,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const entries = await readdir(socketDir).catch(() => []);
  const served = entries.flatMap((entry) => /^(\w[\w=+.-]{0,14})\.sock$/.exec(entry)?.[1] ?? []);
  return [...new Set([...served, ...(await kernelInterfaces(signal))])].sort();
}

/** Why it could not be read, where it could not. */
async function readOne(
  run: Run,
  name: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<ObservedWireGuard | string> {
  try {
    const { stdout } = await run('wg', ['show', name, 'dump'], { signal, timeoutMs });
    // The same lines as in the dump of all, but for the name before each.
    const [device] = parseDump(stdout.replace(/^(?=.)/gm, () => `${name}\t`));
    return device ?? 'wg does not show it';
  } catch (error) {
    signal?.throwIfAborted();
    return wordsOf(error);
  }
}

/**
 * What failed and is not there any more needs no explanation: `wg` itself removes the socket of a process that is gone. One
 * that fails for the first time, and whose process is not stopped, is asked once more; so is one without a process, which may have
 * ended while `wg` asked it.
 */
async function explain(
  failed: ReadonlyMap<string, string>,
  options: ReadOptions,
  last: ReadonlyMap<string, ObservedWireGuard>,
  signal: AbortSignal | undefined,
): Promise<ObservedWireGuard[]> {
  if (failed.size === 0) return [];
  const present = new Set(await listInterfaces(options, signal));
  const servers = await findServers([...failed.keys()], options.unixTable);
  const explained = [...failed].map(async ([name, reason]): Promise<ObservedWireGuard[]> => {
    if (!present.has(name)) return [];
    const server = servers.get(name);
    const isSure = server && (server.isStopped || isUnread(last.get(name)));
    const read = isSure ? reason : await readOne(options.run, name, lastTimeoutMs, signal);
    if (typeof read !== 'string') return [read];
    if (!server && !(await listInterfaces(options, signal)).includes(name)) return [];
    return [{ ...(last.get(name) ?? nothingKnown(name)), unread: { reason: read, server } }];
  });
  return (await Promise.all(explained)).flat();
}

function nothingKnown(name: string): ObservedWireGuard {
  return { interface: name, privateKey: undefined, publicKey: undefined, listenPort: 0, peers: [] };
}

function isUnread(device: ObservedWireGuard | undefined): boolean {
  return device?.unread !== undefined;
}

function unreadOf(devices: ReadonlyMap<string, ObservedWireGuard>): ObservedWireGuard[] {
  return [...devices.values()].filter(isUnread);
}
