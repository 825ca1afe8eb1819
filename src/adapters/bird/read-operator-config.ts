import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { SourcePiece } from '../../core/bird-syntax/tokens.js';
import { fileOwner } from '../../core/desired/owned.js';
import { daemonFile, mainFile } from '../../core/model/names.js';
import type { OperatorConfig } from '../../core/model/observed.js';
import { wordsOf } from '../../core/model/words-of.js';
import { readTextFile, unlessAbsent } from '../../platform/regular-file.js';
import { maxBirdFileBytes, readBirdText } from './bird-text.js';
import { globPattern } from './change/include.js';
import type { BirdMode } from './paths.js';
import { readFiles, readLocalFiles } from './read-files.js';

// BIRD itself goes eight deep.
const maxDepth = 8;
const maxPieces = 5_000;

/**
 * The text of BIRD's `bird.conf` with all its includes in place, while the agent's own main file is not there. Undefined
 * where it is, and without a `bird.conf`.
 */
export async function readOperatorConfig(
  configDir: string,
  mode: BirdMode,
): Promise<OperatorConfig | undefined> {
  const own = await readBirdText(join(configDir, mainFile(mode)));
  if (own !== undefined && fileOwner(own)) return undefined;
  return readPieces(configDir);
}

/**
 * A short text that changes with the files that BIRD reads besides the agent's (the operator's `bird.conf` and all that it
 * includes), and with each new BIRD: a BIRD makes its control socket again when it starts.
 */
export async function readBesides(configDir: string, mode: BirdMode, controlSocket: string): Promise<string> {
  const found = (await readPieces(configDir)) ?? { pieces: [] };
  const read = 'pieces' in found ? withoutOwn(found.pieces) : found.problem;
  // Also those that only the agent's files would include.
  const beside = [...(await readFiles(configDir, mode))].filter(([, content]) => !fileOwner(content));
  const socket = await unlessAbsent(stat(controlSocket));
  // Also where `bird.conf` does not include them yet.
  const local = [...(await readLocalFiles(configDir, mode))];
  const text = JSON.stringify([configDir, mode, read, beside, local, socket?.ino, socket?.mtimeMs]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The agent's files are known by their first line. */
function withoutOwn(pieces: readonly SourcePiece[]): SourcePiece[] {
  const own = new Set(pieces.filter(({ text }) => fileOwner(text)).map(({ path }) => path));
  return pieces.filter(({ path }) => !own.has(path));
}

/** The pieces of `bird.conf`, in their order; undefined where there is none. */
async function readPieces(configDir: string): Promise<OperatorConfig | undefined> {
  const main = join(configDir, daemonFile);
  try {
    const pieces: SourcePiece[] = [];
    if (!(await readInto(pieces, main, configDir, 0))) return undefined;
    return { pieces };
  } catch (error) {
    return { problem: wordsOf(error) };
  }
}

/** False where there is no such file. */
async function readInto(
  pieces: SourcePiece[],
  file: string,
  configDir: string,
  depth: number,
): Promise<boolean> {
  if (depth > maxDepth || pieces.length > maxPieces)
    throw new Error(`${file} is included too deep, or too often`);
  const text = await readWhole(file);
  if (text === undefined) return false;
  const below = relative(configDir, file);
  const path = below.startsWith('..') ? file : below;
  let rest = 0;
  for (const { index, 0: line, groups } of text.matchAll(includeLine)) {
    if (groups?.['target'] === undefined) continue;
    pieces.push({ path, text: text.slice(rest, index) });
    for (const included of await filesOf(resolve(dirname(file), groups['target']))) {
      if (!(await readInto(pieces, included, configDir, depth + 1)))
        throw new Error(`${included} cannot be read`);
    }
    rest = index + line.length;
  }
  pieces.push({ path, text: text.slice(rest) });
  return true;
}

/** An unreadable file is no empty file: then nobody knows BIRD's configuration. */
async function readWhole(file: string): Promise<string | undefined> {
  try {
    return (await unlessAbsent(readTextFile(file, { maxBytes: maxBirdFileBytes })))?.text;
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

// BIRD takes `include` only as the first word of a line, and not in a comment or a string.
const includeLine = /^[ \t]*include[ \t]*"(?<target>[^"\n]*)"[ \t]*;?|#[^\n]*|\/\*[\s\S]*?\*\/|"[^"\n]*"/gm;

/** The files that match a path with wildcards, sorted by name. */
async function filesOf(path: string): Promise<string[]> {
  if (!/[*?[]/.test(path)) return [path];
  const directories = await filesOf(dirname(path));
  const matches = globPattern(path);
  const found = await Promise.all(
    directories.map(async (directory) => {
      const names = (await unlessAbsent(readdir(directory))) ?? [];
      // As glob(7) does, a wildcard leaves out names that begin with a dot.
      return names.filter((name) => !name.startsWith('.')).map((name) => join(directory, name));
    }),
  );
  return found
    .flat()
    .filter((name) => matches.test(name))
    .sort();
}
