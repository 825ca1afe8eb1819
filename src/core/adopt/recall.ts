import { fileOwner } from '../desired/owned.js';
import { formatMark } from '../model/owner.js';
import type { Preserved, PreservedProtocol } from '../model/preserved.js';
import { isOfTemplate } from '../render/bird-file.js';
import { type PreviousConfig, readPreviousConfig } from './previous-config.js';

/** What the agent's own files still say of adopted sessions. */
export interface Recalled {
  /** Mark of a session or of a mesh peer → the protocols that its file preserves. */
  readonly sessions: ReadonlyMap<string, readonly PreservedProtocol[]>;
  readonly config: PreviousConfig;
}

/**
 * Reads back what is preserved. Undefined where the memory has it (a file may then be old, if the agent could not replace
 * it), and where the files cannot be read.
 */
export function recall(preserved: Preserved, files: ReadonlyMap<string, string>): Recalled | undefined {
  if (!preserved.isLost) return undefined;
  const config = readOwn(files);
  if (!config) return undefined;
  const sessions = new Map<string, PreservedProtocol[]>();
  for (const { path, options } of config.bgp) {
    const text = files.get(path) ?? '';
    const owner = fileOwner(text);
    if (!owner || !isOfTemplate(text, 'bird/kept.conf.hbs') || !('preserved' in options)) continue;
    const mark = formatMark(owner);
    sessions.set(mark, [...(sessions.get(mark) ?? []), options.preserved]);
  }
  return { sessions, config };
}

function readOwn(files: ReadonlyMap<string, string>): PreviousConfig | undefined {
  const own = [...files].filter(([, text]) => fileOwner(text));
  try {
    return readPreviousConfig(own.map(([path, text]) => ({ path, text })));
  } catch {
    return undefined;
  }
}
