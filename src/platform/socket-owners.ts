import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

export interface SocketOwner {
  /** The process's own name, printable. */
  readonly name: string;
  readonly pid: number;
}

/**
 * Inode of a socket → the process that has it, for processes that this user may inspect; the lowest pid where several have
 * it. `processes` is the path of procfs. Never throws.
 */
export async function socketOwners(
  inodes: ReadonlySet<string>,
  processes = '/proc',
): Promise<ReadonlyMap<string, SocketOwner>> {
  const owners = new Map<string, SocketOwner>();
  const pids = (await readdir(processes).catch(() => [])).filter((entry) => /^\d+$/.test(entry));
  for (const pid of pids.sort((a, b) => Number(a) - Number(b))) {
    if (owners.size === inodes.size) break;
    for (const inode of await socketsOf(join(processes, pid, 'fd'))) {
      if (!inodes.has(inode) || owners.has(inode)) continue;
      const name = await readFile(join(processes, pid, 'comm'), 'utf8').catch(() => '');
      owners.set(inode, { name: printable(name.trim()), pid: Number(pid) });
    }
  }
  return owners;
}

/** True for a process that a signal has stopped (SIGSTOP, Ctrl-Z) or a debugger holds: states T and t of proc(5). */
export async function isStopped(pid: number, processes = '/proc'): Promise<boolean> {
  const stat = await readFile(join(processes, String(pid), 'stat'), 'utf8').catch(() => '');
  return /^T/i.test(stat.replace(/^.*\) /s, ''));
}

async function socketsOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory).catch(() => []);
  const links = await Promise.all(entries.map((entry) => readlink(join(directory, entry)).catch(() => '')));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

/** A process can choose any name. */
function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?') || 'a program without a name';
}
