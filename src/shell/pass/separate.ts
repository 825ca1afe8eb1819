import type { BirdFile } from '../../core/model/artifacts.js';
import { daemonFile, hooksFile, isLocalFile } from '../../core/model/names.js';
import type { BirdCommit } from '../ports/bird.js';

type Rejection = Extract<BirdCommit, { kind: 'rejected' }>;

/** BIRD's check of the candidate with these files: undefined where it is good. */
type Check = (files: readonly BirdFile[]) => Promise<Rejection | undefined>;

interface Separated {
  /** The files that can be loaded together; undefined where none can. */
  readonly good: readonly BirdFile[] | undefined;
  /** Path → why BIRD refuses it. */
  readonly reasons: Map<string, string>;
  /** Why nothing can be loaded. */
  readonly fault?: string;
}

/**
 * Finds the sessions' files that BIRD refuses, so that they do not block the others. Where BIRD names the file, it is that
 * one; otherwise the agent tries the sessions in halves. Files of the node itself cannot be left out.
 */
export async function separate(files: readonly BirdFile[], check: Check): Promise<Separated> {
  const reasons = new Map<string, string>();
  let rest = files;
  for (;;) {
    const rejected = await check(rest);
    if (!rejected) return { good: rest, reasons };
    const named = rest.find((file) => isNamed(file, rejected));
    if (!named) return byHalves(rest, rejected, reasons, check);
    reasons.set(named.path, rejection(rejected));
    rest = rest.filter((file) => file !== named);
  }
}

/**
 * An operator's file that BIRD refuses stands for the `bird.conf` that includes it: the one that lies there may not include it yet.
 * Without its hooks no session's file could be read.
 */
function isNamed({ path, owner }: BirdFile, { file }: Rejection): boolean {
  if (file === undefined) return false;
  if (isLocalFile(file) && file !== hooksFile) return path === daemonFile;
  return path === file && owner.kind === 'session';
}

async function byHalves(
  files: readonly BirdFile[],
  rejected: Rejection,
  reasons: Map<string, string>,
  check: Check,
): Promise<Separated> {
  const sessions = files.filter((file) => file.owner.kind === 'session');
  let good = files.filter((file) => file.owner.kind !== 'session');
  const fault = sessions.length === 0 ? rejected : await check(good);
  if (fault) {
    for (const { path } of files) reasons.set(path, rejection(fault));
    return { good: undefined, reasons, fault: rejection(fault) };
  }
  const add = async (some: readonly BirdFile[]): Promise<void> => {
    const refusal = await check([...good, ...some]);
    const [only] = some;
    if (!refusal) good = [...good, ...some];
    else if (some.length === 1 && only) reasons.set(only.path, rejection(refusal));
    else {
      const middle = Math.ceil(some.length / 2);
      await add(some.slice(0, middle));
      await add(some.slice(middle));
    }
  };
  await add(sessions);
  return { good, reasons };
}

/** Why BIRD refuses a configuration, in BIRD's words. */
export function rejection({ message, file }: Rejection): string {
  if (file !== undefined && isLocalFile(file))
    return `BIRD refuses the operator's file ${file}: ${message}. BIRD goes on with its last good configuration; the agent tries again when the file is changed`;
  return `BIRD refuses the configuration${file ? ` in ${file}` : ''}: ${message}`;
}
