import { setMaxListeners } from 'node:events';
import { wordsOf } from '../core/model/words-of.js';
import { inTime } from '../platform/in-time.js';
import { type Redact, redactKnown } from '../redact/known-secrets.js';
import { redact, redactText } from '../redact/secret-forms.js';
import { knownSecrets } from './secrets.js';
import type { Part, Patient, Source } from './source.js';
import { about } from './sources/about.js';
import { birdAnswers, birdFiles } from './sources/bird.js';
import { configuration } from './sources/configuration.js';
import { daemon, events } from './sources/daemon.js';
import { doctor } from './sources/doctor.js';
import { programs } from './sources/programs.js';
import { state } from './sources/state.js';
import { sysctls } from './sources/sysctls.js';

/** A file as it goes into the bundle, without secrets. */
export interface File {
  readonly name: string;
  readonly text: string;
  /** How many characters it had before it was cut; absent where it was not. */
  readonly cutFrom?: number;
}

export interface Collected {
  readonly files: readonly File[];
  readonly missing: readonly { readonly name: string; readonly why: string }[];
}

/** In the order in which a reader needs them. */
const sources: readonly Source[] = [
  about,
  configuration,
  daemon,
  doctor,
  events,
  state,
  birdFiles,
  birdAnswers,
  ...programs,
  sysctls,
];

const mostPerFile = 2 * 1024 * 1024;
const usualLimit = 48 * 1024 * 1024;

/** Asks all sources at once, and removes the secrets of each from all. None hangs, and none makes the whole fail. */
export async function collect(
  patient: Patient,
  wanted: readonly Source[] = sources,
  mostInAll = usualLimit,
): Promise<Collected> {
  const parts = (await Promise.all(wanted.map((source) => partsOf(source, patient)))).flat();
  const secrets = await knownSecrets(patient, parts);
  const hideKnown = redactKnown(secrets);
  const hide = (text: string) => redactText(hideKnown(text));
  const files: File[] = [];
  const missing: { name: string; why: string }[] = [];
  let size = 0;
  for (const part of parts) {
    const name = hide(nameOf(part.file));
    const file = 'missing' in part ? undefined : cut(name, textOf(part, hide), part);
    size += file?.text.length ?? 0;
    if (!file || 'missing' in part) missing.push({ name, why: hide('missing' in part ? part.missing : '') });
    else if (size > mostInAll) missing.push({ name, why: 'the bundle is large enough without it' });
    else files.push(file);
  }
  return { files, missing };
}

async function partsOf(source: Source, patient: Patient): Promise<readonly Part[]> {
  const { name, limitMs } = source;
  const signal = AbortSignal.timeout(limitMs);
  setMaxListeners(0, signal);
  const late = [{ file: name, missing: `it did not come within ${limitMs / 1000} s` }];
  const collected = source
    .collect(patient, signal)
    .catch((error) => (signal.aborted ? late : [{ file: name, missing: wordsOf(error) }]));
  return (await inTime(limitMs + 1_000, collected))?.value ?? late;
}

// Deep documents come from outside.
const deepest = 24;

function textOf(part: Exclude<Part, { readonly missing: string }>, hide: Redact): string {
  if ('text' in part) return hide(part.text);
  // `Secret` and other classes say in JSON what may be seen of them.
  const plain: unknown = JSON.parse(JSON.stringify(part.document) ?? 'null');
  return hide(`${JSON.stringify(redact(plain, deepest), undefined, 2)}\n`);
}

/** After the secrets are gone: half of one would not be recognized. Cuts between lines. */
function cut(name: string, text: string, part: Part): File {
  if (text.length <= mostPerFile) return { name, text };
  const keep = 'keep' in part && part.keep === 'end' ? 'end' : 'start';
  const cutText =
    keep === 'end'
      ? text.slice(-mostPerFile).replace(/^.*\n/, '')
      : text.slice(0, mostPerFile).replace(/\n.*$/, '\n');
  return { name, text: cutText, cutFrom: text.length };
}

/** A path inside of the bundle, whatever a file of the system is called. */
function nameOf(file: string): string {
  return file
    .split('/')
    .map((part) => part.replace(/[^\w.,@%+:-]+/g, '_').slice(0, 100))
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/');
}
