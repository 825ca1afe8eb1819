import type { Dialect, DialectName } from './dialect.js';
import { documented, documentedBelow } from './documented.js';
import { moenetCore, mountPoint } from './moenet-core.js';

export const allDialects: readonly Dialect[] = [documented, moenetCore];

/** Where the control plane is, and its possible dialects. */
export interface Place {
  /** The base URL of all paths, without the part that one dialect adds. */
  readonly baseUrl: string;
  /** The possible dialects, the documented one first; one where it is fixed. */
  readonly dialects: readonly Dialect[];
}

/** The dialects at `apiUrl`: all of them for `auto`. */
export function placeOf(apiUrl: string, choice: DialectName | 'auto'): Place {
  const plain = apiUrl.replace(/\/+$/, '');
  const mount = plain.endsWith(mountPoint) ? mountPoint : '';
  const all = [documentedBelow(mount), moenetCore];
  return {
    baseUrl: plain.slice(0, plain.length - mount.length),
    dialects: choice === 'auto' ? all : all.filter(({ name }) => name === choice),
  };
}
