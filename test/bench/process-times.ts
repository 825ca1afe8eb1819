import { readdir, readFile } from 'node:fs/promises';

/** Linux counts processor time for /proc in hundredths of a second (USER_HZ), whatever its own clock. */
const ticksPerSecond = 100;

/** Seconds of processor time of a process, and of all its children that have ended. */
export async function processorSeconds(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name is in parentheses and may have spaces; utime is the 14th field, then come stime, cutime and cstime (proc(5)).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
}

/** What a process has in memory now, and had at most, in MB (10^6 bytes). */
export async function memoryOf(pid: number): Promise<{ readonly resident: number; readonly peak: number }> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8');
  const megabytes = (key: string) =>
    (Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024) / 1e6;
  return { resident: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** The numbers of the children that a process has now, whichever of its threads started them. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8'));
  return (await Promise.all(lists)).flatMap((text) => text.split(' ').filter(Boolean).map(Number));
}
