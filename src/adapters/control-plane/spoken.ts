import { ControlPlaneError } from '../../shell/ports/control-plane-error.js';
import type { Dialect, DialectName } from './dialects/dialect.js';
import { whileWanted } from './http/signal.js';
import { type Found, probe } from './probe.js';

/** Between two times that the control plane is asked what it speaks; twice as long after each that changed nothing. */
const firstPauseMs = 5_000;
const lastPauseMs = 60_000;

/** The dialect that the control plane is spoken to in. */
export interface Spoken {
  readonly dialect: Dialect;
  /** Why it may be another one by now; nothing may be posted in it then. */
  readonly doubt: ControlPlaneError | undefined;
  /** Fires when it is doubted or given up; what is being posted in it must end. */
  readonly over: AbortSignal;
}

/** Which dialect is spoken: found out at the first call, doubted by answers that do not fit, found out anew. */
export interface SpokenDialect {
  /** To read in, also while it is doubted. `config` is what the control plane answered if it had to be asked first. */
  forReading(signal: AbortSignal | undefined): Promise<{ readonly spoken: Spoken; readonly config: unknown }>;
  /** To post in. Throws while there is a doubt. */
  forPosting(signal: AbortSignal | undefined): Promise<Spoken>;
  /** An answer was good in it. */
  confirm(spoken: Spoken): void;
  /** A call in it failed. Resolves to the other dialect where the control plane turns out to speak that. */
  suspect(spoken: Spoken, error: unknown, signal: AbortSignal | undefined): Promise<Spoken | undefined>;
  /** The one in use, or any, for what is the same in all. */
  any(): Dialect;
}

interface SpokenParts {
  /** The ones in question; one where it is fixed, which is then never looked for. */
  readonly dialects: readonly Dialect[];
  /** `GET config` in a dialect: what the answer holds. Throws where it is none. */
  readonly ask: (dialect: Dialect) => Promise<unknown>;
  /** What was spoken when the agent last ran. */
  readonly remembered: () => Promise<DialectName | undefined>;
  /** Hears what was found, and what was spoken before. */
  readonly onFound: (found: Found, before: Dialect | undefined) => Promise<void>;
  /** Milliseconds of a monotonic clock. */
  readonly monotonic: () => number;
}

/** Finds out which of the dialects the control plane speaks, at the first need. Throws where `dialects` is empty. */
export function openSpokenDialect(parts: SpokenParts): SpokenDialect {
  const { dialects, ask, remembered, onFound, monotonic } = parts;
  const [only] = dialects;
  if (only === undefined) throw new Error('there must be a dialect');
  let current = dialects.length === 1 ? begin(only) : undefined;
  let search: Promise<Found> | undefined;
  let searchedAtMs = Number.NEGATIVE_INFINITY;
  let pauseMs = firstPauseMs;

  function change(next: Stage, reason: ControlPlaneError | undefined): void {
    current?.controller.abort(reason ?? givenUp(next.dialect));
    current = next;
  }

  async function find(): Promise<Found> {
    searchedAtMs = monotonic();
    pauseMs = Math.min(2 * pauseMs, lastPauseMs);
    const before = current?.dialect;
    const first = before?.name ?? (await remembered());
    const found = await probe(rememberedFirst(dialects, first), ask);
    if (current === undefined || current.dialect !== found.dialect || current.doubt) {
      change(begin(found.dialect), undefined);
      pauseMs = firstPauseMs;
    }
    await onFound(found, before);
    return found;
  }

  function look(signal: AbortSignal | undefined): Promise<Found> {
    // All who ask meanwhile wait for the same answer, which no one of them alone can call off.
    search ??= find().finally(() => {
      search = undefined;
    });
    return whileWanted(search, signal);
  }

  const isDue = () => dialects.length > 1 && (search !== undefined || monotonic() - searchedAtMs >= pauseMs);

  async function forReading(signal: AbortSignal | undefined) {
    if (current) return { spoken: current, config: undefined };
    const { config } = await look(signal);
    return { spoken: inUse(), config };
  }

  function inUse(): Stage {
    if (current === undefined) throw new Error('no dialect was found');
    return current;
  }

  return {
    forReading,
    async forPosting(signal) {
      const { spoken } = await forReading(signal);
      if (spoken.doubt && isDue()) await look(signal);
      const now = inUse();
      if (now.doubt) throw now.doubt;
      return now;
    },
    confirm(spoken) {
      if (spoken === current && spoken.doubt) change(begin(spoken.dialect), undefined);
    },
    async suspect(spoken, error, signal) {
      if (!(error instanceof ControlPlaneError) || !isSuspicious(error, spoken.dialect)) return undefined;
      if (spoken === current && error.kind === 'other-dialect' && !spoken.doubt)
        change(begin(spoken.dialect, error), error);
      if (inUse().dialect === spoken.dialect && isDue()) await look(signal).catch(unlessContradictory);
      const now = inUse();
      return now.dialect === spoken.dialect || now.doubt ? undefined : now;
    },
    any: () => current?.dialect ?? only,
  };
}

type Stage = Spoken & { readonly controller: AbortController };

function begin(dialect: Dialect, doubt?: ControlPlaneError): Stage {
  const controller = new AbortController();
  return { dialect, doubt, controller, over: controller.signal };
}

function givenUp({ name }: Dialect): ControlPlaneError {
  return new ControlPlaneError('GET config', {
    kind: 'other-dialect',
    reason: `the control plane speaks the ${name} dialect now`,
  });
}

function rememberedFirst(dialects: readonly Dialect[], name: DialectName | undefined): readonly Dialect[] {
  return dialects.toSorted((a, b) => Number(b.name === name) - Number(a.name === name));
}

/** Where there is nothing, or something else, at the path; or an answer in the wrong form. */
function isSuspicious({ kind, enveloped }: ControlPlaneError, dialect: Dialect): boolean {
  if (kind === 'unknown-node') return !(enveloped && dialect.enveloped);
  return kind === 'other-dialect' || kind === 'not-json';
}

/** That nothing could be found out says less than the error that raised the question. */
function unlessContradictory(error: unknown): void {
  if (!(error instanceof ControlPlaneError) || error.kind === 'other-dialect') throw error;
}
