import { lstat, readFile, readlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** One step on the way to a file: a directory above it, a symbolic link, or the file itself. */
export interface Step {
  readonly path: string;
  readonly kind: 'directory' | 'link' | 'file';
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, with the sticky bit. */
  readonly mode: number;
}

/** Whose files and directories cannot be changed by others. */
export interface Trusted {
  readonly uids: readonly number[];
  readonly gids: readonly number[];
  /** This process's user. */
  readonly user: number;
}

/**
 * Who else could change what this process reads at `path`, in words, with the command that fixes it; undefined where only
 * root and this process's user can, or where nothing can be reached. Follows links: the file and everything on the way to it
 * count. Throws the system's error for a path that cannot be inspected.
 */
export async function whyUntrusted(path: string): Promise<string | undefined> {
  const trusted = await trustedHere();
  try {
    const steps = await stepsTo(resolve(path));
    return steps.flatMap((step, index) => whyChangeable(step, index === steps.length - 1, trusted) ?? [])[0];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // The next reader gives a better message.
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'].includes(String(code))) return undefined;
    throw error;
  }
}

/** What others could do with one step. In a sticky directory, such as /tmp, only a file's owner can replace the file. */
export function whyChangeable(step: Step, isLast: boolean, trusted: Trusted): string | undefined {
  const { path, kind, uid, gid, mode } = step;
  const owner = trusted.user === 0 ? 'root' : String(trusted.user);
  if (!trusted.uids.includes(uid)) {
    const remedy = isLast
      ? `chown ${owner} ${path}`
      : 'keep it in a directory of root, such as /etc/moenet-agent';
    return `${path} belongs to user ${uid}, who could change it: ${remedy}`;
  }
  // Nobody can write into a link.
  if (kind === 'link') return undefined;
  const byOthers = (mode & 0o002) !== 0;
  const byGroup = (mode & 0o020) !== 0 && !trusted.gids.includes(gid);
  if (!byOthers && !byGroup) return undefined;
  if (kind === 'directory' && !isLast && (mode & 0o1000) !== 0) return undefined;
  const who = byOthers ? 'every user' : `group ${gid}`;
  return `${path} can be written by ${who}: chmod ${byGroup ? 'g' : ''}${byOthers ? 'o' : ''}-w ${path}`;
}

// Linux has this limit, too (path_resolution(7)).
const mostLinks = 40;

async function stepsTo(path: string): Promise<Step[]> {
  const steps = [await stepAt('/')];
  let current = '/';
  let rest = namesOf(path);
  for (let links = 0; rest.length > 0; ) {
    const [name = '', ...others] = rest;
    if (name === '..') {
      [current, rest] = [dirname(current), others];
      continue;
    }
    const step = await stepAt(join(current, name));
    steps.push(step);
    if (step.kind !== 'link') {
      [current, rest] = [step.path, others];
      continue;
    }
    links += 1;
    if (links > mostLinks) throw Object.assign(new Error(`${path} has too many links`), { code: 'ELOOP' });
    const target = await readlink(step.path);
    rest = [...namesOf(target), ...others];
    if (target.startsWith('/')) current = '/';
  }
  return steps;
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

async function stepAt(path: string): Promise<Step> {
  const stats = await lstat(path);
  const kind = stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'directory' : 'file';
  return { path, kind, uid: stats.uid, gid: stats.gid, mode: stats.mode };
}

/** The user that the kernel shows for ids without a mapping in this user namespace (/proc/sys/kernel/overflowuid). */
const overflowId = 65_534;

/**
 * Root and this process's user. A user namespace such as the lab's shows the machine's root as the overflow user, which
 * counts as root where nobody in the namespace can have that id.
 */
async function trustedHere(): Promise<Trusted> {
  const user = process.geteuid?.() ?? 0;
  const outside = async (map: string) =>
    hasNumber(await readFile(map, 'utf8').catch(() => ''), overflowId) ? [] : [overflowId];
  return {
    uids: [0, user, ...(await outside('/proc/self/uid_map'))],
    gids: [0, ...(await outside('/proc/self/gid_map'))],
    user,
  };
}

/** True where a user namespace with this map has a user `id` of its own: lines of first, first outside, how many (user_namespaces(7)). */
export function hasNumber(map: string, id: number): boolean {
  const ranges = map.split('\n').filter((line) => line.trim() !== '');
  if (ranges.length === 0) return true;
  return ranges.some((line) => {
    const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return id >= first && id < first + count;
  });
}
