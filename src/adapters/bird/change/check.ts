import { ProgramError, type Run } from '../../../platform/exec.js';
import type { BirdConnection } from '../socket/socket.js';
import { blameOperatorsFile } from './blame.js';
import type { Rejection } from './candidate.js';
import type { Staged } from './stage.js';

/** Lets the running daemon parse the candidate (`configure check`); undefined where it is good. */
export async function checkByDaemon(
  connection: BirdConnection,
  staged: Staged,
  signal?: AbortSignal,
): Promise<Rejection | undefined> {
  const reply = await connection.ask(`configure check "${staged.main}"`, signal);
  return reply.code === '0020' ? undefined : rejection(reply.text, staged.directory);
}

/** Lets the program parse the candidate (`bird -p`), for where no daemon answers; undefined where it is good. */
export async function checkByProgram(
  { run, mayLackProgram }: { readonly run: Run; readonly mayLackProgram?: true },
  staged: Staged,
  signal?: AbortSignal,
): Promise<Rejection | undefined> {
  try {
    await run('bird', ['-p', '-c', staged.main], { signal, timeoutMs: 60_000 });
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ProgramError && error.missing && mayLackProgram) return undefined;
    if (!(error instanceof ProgramError) || error.missing) throw error;
    return rejection(lastWords(error), staged.directory);
  }
}

// 2.x begins a line with `bird: `, 3.x with `bird: 2026-11-23 21:27:17.706 [0001] <FATAL> `.
const beforeTheWords = /^(?:bird: )?(?:\d{4}-\d\d-\d\d [^<]*<[A-Z]+> )?/;

/** Warnings may come before the error; the error itself is the last line with a place in it. */
function lastWords(error: ProgramError): string {
  const lines = error.stderr.split('\n').map((line) => line.replace(beforeTheWords, '').trim());
  return lines.findLast((line) => /:\d+:\d+ /.test(line)) ?? lines.findLast((line) => line) ?? error.message;
}

/** BIRD's words with file names as the operator knows them, relative to `configDir`. */
function rejection(words: string, stagedDirectory: string): Promise<Rejection> {
  const file = words.startsWith(`${stagedDirectory}/`)
    ? /^([^:]+):/.exec(words.slice(stagedDirectory.length + 1))?.[1]
    : undefined;
  const message = words.replaceAll(`${stagedDirectory}/`, '');
  return blameOperatorsFile({ kind: 'rejected', message, file }, stagedDirectory);
}
