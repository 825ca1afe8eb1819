import { splitDeclarations } from '../../../core/bird-syntax/statements.js';
import { tokenize } from '../../../core/bird-syntax/tokens.js';
import { hooksFile, isLocalFile } from '../../../core/model/names.js';
import { wordsOf } from '../../../core/model/words-of.js';
import { readLocalFiles } from '../read-files.js';
import type { Rejection } from './candidate.js';

/**
 * The rejection with the operator's file that it is for, where BIRD finds the mistake somewhere else: a block without its end is found in
 * the file that comes next, and a hook with other arguments where a session calls it.
 */
export async function blameOperatorsFile(rejection: Rejection, stagedDirectory: string): Promise<Rejection> {
  const { message, file } = rejection;
  if (file !== undefined && isLocalFile(file)) return rejection;
  if (/'local_(?:import|export)'/.test(message))
    return {
      ...rejection,
      file: hooksFile,
      message: `${hooksFile}: its functions are called as local_import(int their_as) and local_export(int their_as); BIRD says ${message}`,
    };
  for (const [path, text] of await readLocalFiles(stagedDirectory, 'full')) {
    const unfinished = whyUnfinished(path, text);
    if (unfinished !== undefined)
      return { ...rejection, file: path, message: `${unfinished}; BIRD says ${message}` };
  }
  return rejection;
}

// Its `;` may be left out.
const includeLine = /^[ \t]*include[ \t]*"[^"\n]*"[ \t]*;?/gm;

/** What a file lacks that is no whole sequence of statements; undefined where it lacks nothing. */
function whyUnfinished(path: string, text: string): string | undefined {
  try {
    splitDeclarations(tokenize([{ path, text: text.replace(includeLine, '') }]));
    return undefined;
  } catch (error) {
    const lines = text.trimEnd().split('\n').length;
    return `${path}:${lines}: ${wordsOf(error)}`;
  }
}
