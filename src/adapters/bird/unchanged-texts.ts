import { lstat } from 'node:fs/promises';
import { unlessAbsent } from '../../platform/regular-file.js';
import { readBirdText } from './bird-text.js';

export type ReadText = (path: string) => Promise<string | undefined>;

/** A change this soon after another one may get the same time from the kernel, whose clock ticks every few milliseconds. */
const settledMs = 1_000;

/**
 * Reads files as `readBirdText`, but those that did not change since they were read here are known. Every change, also by a rename or of the
 * rights, sets the time of the inode's last change (ctime), which nobody can set back. To look at it costs a tenth of what reading costs.
 */
export function openUnchangedTexts(
  read: ReadText = readBirdText,
  now: () => number = Date.now,
): { readonly read: ReadText; forgetOthers(paths: ReadonlySet<string>): void } {
  const known = new Map<string, { readonly stamp: string; readonly text: string }>();
  return {
    read: async (path) => {
      const startedMs = now();
      const stats = await unlessAbsent(lstat(path, { bigint: true }));
      if (stats === undefined) return undefined;
      const { dev, ino, size, ctimeNs, ctimeMs } = stats;
      const stamp = [dev, ino, size, ctimeNs].join(' ');
      const before = known.get(path);
      if (before?.stamp === stamp) return before.text;
      const text = await read(path);
      known.delete(path);
      const isSettled = startedMs - Number(ctimeMs) > settledMs;
      if (text !== undefined && isSettled) known.set(path, { stamp, text });
      return text;
    },
    forgetOthers: (paths) => {
      for (const path of known.keys()) if (!paths.has(path)) known.delete(path);
    },
  };
}
