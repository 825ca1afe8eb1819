import { userInfo } from 'node:os';
import { readTextFile } from './regular-file.js';

/** The number of a group of this machine (/etc/group); undefined where there is none of that name. */
export async function groupId(name: string, file = '/etc/group'): Promise<number | undefined> {
  const { text } = await readTextFile(file).catch(() => ({ text: '' }));
  const line = text.split('\n').find((each) => each.startsWith(`${name}:`));
  const id = line?.split(':')[2];
  return id !== undefined && /^\d{1,10}$/.test(id) ? Number(id) : undefined;
}

/** This process's user as commands name it; its number where it has no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.() ?? 'this user');
  }
}
