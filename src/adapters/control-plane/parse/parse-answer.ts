import type { BirdConfig, BootstrapConfig, Mesh } from '../../../core/model/control-plane.js';
import type { SessionEntry } from '../../../core/model/session.js';
import type { Dialect, GetCall } from '../dialects/dialect.js';
import { parseBirdConfig } from './parse-bird-config.js';
import { parseConfig } from './parse-config.js';
import { parseMesh } from './parse-mesh.js';
import { parseSessions } from './parse-sessions.js';

/** What is read from the answer to each call. */
export interface Answers {
  readonly config: BootstrapConfig;
  readonly sessions: readonly SessionEntry[];
  readonly 'bird-config': BirdConfig;
  readonly mesh: Mesh;
}

type Parser<T> = (data: unknown, dialect: Dialect) => T;

const parsers: { readonly [C in GetCall]: Parser<Answers[C]> } = {
  config: (data) => parseConfig(data),
  sessions: parseSessions,
  'bird-config': (data) => parseBirdConfig(data),
  mesh: (data) => parseMesh(data),
};

/** Reads an unwrapped answer. Throws `WrongShapeError` where it says nothing. */
export function parseAnswer<C extends GetCall>(call: C, data: unknown, dialect: Dialect): Answers[C] {
  return parsers[call](data, dialect);
}
