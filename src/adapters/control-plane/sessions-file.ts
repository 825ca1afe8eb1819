import type { SessionEntry } from '../../core/model/session.js';
import { wordsOf } from '../../core/model/words-of.js';
import { readProblem, readTextFile } from '../../platform/regular-file.js';
import { type Archive, labelled } from './archive.js';
import type { DialectName } from './dialects/dialect.js';
import { allDialects } from './dialects/dialects.js';
import { isRaw } from './parse/json.js';
import { parseSessions } from './parse/parse-sessions.js';

const maxBytes = 64 * 1024 * 1024;

/**
 * The sessions in a file that has an answer of `GET sessions`, with or without its envelope, or the agent's own copy of one
 * (`answer-sessions.json` in the state directory). Numbers of statuses are read in the dialect of that copy, else in `choice`, else in
 * the one that the control plane spoke last. Throws an error that names the file.
 */
export async function readSessionsFile(
  path: string,
  archive: Archive,
  choice: DialectName | 'auto',
): Promise<readonly SessionEntry[]> {
  const spoken = choice === 'auto' ? await archive.read('config', (_, name) => name) : choice;
  try {
    const { text } = await readTextFile(path, { maxBytes }).catch((error) => {
      throw new Error(readProblem(error), { cause: error });
    });
    const { dialect: name, data } = labelled(documentOf(text), spoken);
    const dialect = allDialects.find((candidate) => candidate.name === name) ?? allDialects[0];
    if (!dialect) throw new Error('no dialect is known');
    const unwrapped = dialect.unwrap(data);
    return parseSessions(unwrapped.ok ? unwrapped.data : data, dialect);
  } catch (error) {
    throw new Error(`the list of sessions ${path} cannot be used: ${wordsOf(error)}`, { cause: error });
  }
}

/** The content of the file; of a state file what is sealed in it, for the operator may have edited it. */
function documentOf(text: string): unknown {
  const content = jsonOf(text);
  return isRaw(content) && 'sha256' in content && 'document' in content ? content['document'] : content;
}

/** The parser's own error quotes the text, which may hold secrets. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('it is not JSON', { cause: error });
  }
}
