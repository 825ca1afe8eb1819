import { join, posix } from 'node:path';
import { daemonFile, mainFile } from '../../../core/model/names.js';
import { readBirdBytes } from '../bird-text.js';
import type { Site } from './candidate.js';

// BIRD takes `include` only as the first word of a line.
const includeLine = /^([ \t]*include[ \t]*")([^"\n]*)"/gm;

/** Points the absolute includes below one of `from` to the same places below `to`. */
export function redirectIncludes(text: string, from: readonly string[], to: string): string {
  return text.replace(includeLine, (line, start: string, target: string) => {
    const path = posix.normalize(target);
    const base = from.find((directory) => path.startsWith(`${directory}/`));
    return base === undefined ? line : `${start}${to}${path.slice(base.length)}"`;
  });
}

/** An operator's `bird.conf` that lacks the agent's file. */
export interface MissingInclude {
  /** What the operator has to do. */
  readonly reason: string;
  /** The text with the line that is missing. */
  readonly completed: string;
}

// BIRD reads no configuration without a router id where the machine has no IPv4 address.
export const leastConfiguration = 'router id 192.0.2.1;\nprotocol device { }\n';

/** Undefined where BIRD reads the agent's file: the agent owns `bird.conf`, or the operator's includes it. */
export async function findMissingInclude({ configDir, mode }: Site): Promise<MissingInclude | undefined> {
  if (mode !== 'include') return undefined;
  const path = join(configDir, daemonFile);
  const text = await readBirdBytes(path, 'follow');
  const name = mainFile(mode);
  if (text !== undefined && includesFile(text, configDir, name)) return undefined;
  const line = `include "${name}";`;
  const what = text === undefined ? `there is no ${path}` : `${path} does not include the agent's file`;
  return {
    reason: `${what}: the agent's files are in place, but BIRD does not read them; add the line ${line} to ${path}`,
    completed: `${text ?? leastConfiguration}\n${line}\n`,
  };
}

/** True where the text of a file in `directory` includes the file `name` of that directory, also by a glob. */
export function includesFile(text: string, directory: string, name: string): boolean {
  const targets = [...withoutComments(text).matchAll(includeLine)].map((match) => match[2] ?? '');
  return targets.some((target) => globPattern(posix.resolve(directory, target)).test(`${directory}/${name}`));
}

// Alone at its line's start, or else a piece in which no statement can begin.
const statementOrOther =
  /^[ \t]*include[ \t]*"([^"\n]*)"[ \t]*;?[ \t]*\n?|"[^"\n]*"|#[^\n]*|\/\*[\s\S]*?\*\//gm;

/** The text without the statements that include exactly the file `name` of `directory`; globs stay, they may match nothing. */
export function withoutInclude(text: string, directory: string, name: string): string {
  return text.replace(statementOrOther, (whole, target: string | undefined) =>
    target !== undefined && posix.resolve(directory, target) === posix.join(directory, name) ? '' : whole,
  );
}

/** A `#` between quotes is no comment. */
function withoutComments(text: string): string {
  return text.replace(/"[^"\n]*"|#[^\n]*|\/\*[\s\S]*?\*\//g, (token) => (token.startsWith('"') ? token : ''));
}

/** `*` and `?` of glob(7), which stop at a `/`. */
export function globPattern(glob: string): RegExp {
  const literal = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
}
