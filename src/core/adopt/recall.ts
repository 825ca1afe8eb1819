import { fileOwner } from '../desired/holdings.js';
import type { Kept, KeptProtocol } from '../model/kept.js';
import { formatMark } from '../model/owner.js';
import { isOfTemplate } from '../render/bird-file.js';
import { type FormerConfig, readFormerConfig } from './former-config.js';

/** What the agent's own files still say of what it took over. */
export interface Recalled {
  /** Mark of a session or of a mesh peer → the protocols that its file keeps as they were. */
  readonly sessions: ReadonlyMap<string, readonly KeptProtocol[]>;
  readonly config: FormerConfig;
}

/**
 * Reads back what is kept. Undefined where it is remembered, for then a file that is still there may only be one that could not
 * be replaced; and where the files cannot be read, for then there is nothing to be had of them.
 */
export function recall(kept: Kept, files: ReadonlyMap<string, string>): Recalled | undefined {
  if (!kept.isLost) return undefined;
  const config = readOwn(files);
  if (!config) return undefined;
  const sessions = new Map<string, KeptProtocol[]>();
  for (const { path, options } of config.bgp) {
    const text = files.get(path) ?? '';
    const owner = fileOwner(text);
    if (!owner || !isOfTemplate(text, 'bird/kept.conf.hbs') || !('kept' in options)) continue;
    const mark = formatMark(owner);
    sessions.set(mark, [...(sessions.get(mark) ?? []), options.kept]);
  }
  return { sessions, config };
}

function readOwn(files: ReadonlyMap<string, string>): FormerConfig | undefined {
  const own = [...files].filter(([, text]) => fileOwner(text));
  try {
    return readFormerConfig(own.map(([path, text]) => ({ path, text })));
  } catch {
    return undefined;
  }
}
