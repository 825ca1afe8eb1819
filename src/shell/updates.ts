import { afterFailure, type Backoff, isWaiting } from '../core/backoff.js';
import { listedUuids, type SessionEntry } from '../core/model/session.js';
import type { SessionReport } from '../core/reports.js';
import { keepAcknowledgements } from './acknowledgements.js';
import type { Call } from './calls.js';
import { failureKind } from './failure-kind.js';
import type { MemoryStore } from './memory.js';
import type { Clock, ControlPlane, Log, LogOnChange } from './ports.js';
import { wordsOf } from './words-of.js';

export interface UpdateContext {
  readonly controlPlane: ControlPlane;
  readonly host: { readonly clock: Clock };
  readonly memory: MemoryStore;
  readonly log: Log;
  readonly logOnChange: LogOnChange;
  readonly cutOff: AbortSignal;
}

/** The heartbeat that goes before the updates, as a control plane that was away expects it. */
export interface Greeting {
  /** True where the last heartbeat did not get through. */
  isMissed(): boolean;
  post(call: Call): Promise<readonly string[]>;
}

interface PostOptions {
  /** A heartbeat is due in any case. */
  readonly greet: boolean;
  /** All of them, however long it takes; else as many as do not hold up the next pass and use up the rate limit. */
  readonly all: boolean;
}

/** A third of what the control plane allows in a minute. */
const updatesPerPass = 100;

/**
 * Tells the control plane what became of the sessions. There is no queue that could be lost: what to tell follows, pass
 * for pass, from what the list says, what is there and what was taken; so it is the newest state, once.
 */
export interface Updates {
  /**
   * Posts what is new, after a heartbeat where one is due. What was not posted is news again after the next pass. Resolves
   * to the errors.
   */
  post(
    reports: readonly SessionReport[],
    entries: readonly SessionEntry[] | undefined,
    options: PostOptions,
  ): Promise<string[]>;
  /** Updates that the control plane did not want are not held back any longer. */
  forgetPauses(): void;
  /** What the control plane does not want to be told, a line each. */
  unwanted(): readonly string[];
}

export function createUpdates(context: UpdateContext, call: Call, greeting: Greeting): Updates {
  const { controlPlane, cutOff, host, log, logOnChange } = context;
  const acknowledgements = keepAcknowledgements(context.memory, host.clock, log);
  const unwanted = new Map<string, Backoff>();
  let isGreeted = false;
  const nowSeconds = () => Math.floor(host.clock.now() / 1000);
  const isDue = (report: SessionReport) =>
    !isWaiting(unwanted.get(report.uuid), JSON.stringify(report), nowSeconds());

  async function post(reports: readonly SessionReport[]): Promise<string[]> {
    const errors: string[] = [];
    for (const report of reports) {
      const { failures, refusal } = await tell(report);
      errors.push(...failures);
      // One that is away now is away for the rest of them too, and each try takes its time.
      if (failures.length > 0) isGreeted = false;
      if (failures.length > 0 || cutOff.aborted) break;
      errors.push(...refusal);
      note(report, refusal[0]);
      if (refusal.length === 0) await acknowledgements.add(report);
    }
    await acknowledgements.flush();
    return errors;
  }

  /** What keeps the control plane from taking any update, and why it does not want this one: one of them at most. */
  async function tell(report: SessionReport) {
    const refusal: string[] = [];
    const failures = await call('POST modify', cutOff, async () => {
      try {
        await controlPlane.postModify(report, cutOff);
      } catch (error) {
        if (!isAnswer(error)) throw error;
        refusal.push(wordsOf(error));
      }
    });
    return { failures, refusal };
  }

  function note(report: SessionReport, refusal: string | undefined): void {
    const { uuid, status } = report;
    if (refusal === undefined) {
      unwanted.delete(uuid);
      log.info(`session ${uuid}: told the control plane that it is ${status}`);
    } else {
      unwanted.set(uuid, afterFailure(unwanted.get(uuid), JSON.stringify(report), refusal, nowSeconds()));
    }
    logOnChange(`update of session ${uuid}`, refusal);
  }

  async function greetFirst(): Promise<readonly string[]> {
    let isRefused = false;
    const watched = (name: string, signal: AbortSignal, task: () => Promise<void>) =>
      call(name, signal, () =>
        task().catch((error) => {
          // Where only heartbeats fail, the updates must not wait for ever: the first of them will tell.
          isRefused = isAnswer(error) || failureKind(error) === 'server-error';
          throw error;
        }),
      );
    const errors = await greeting.post(Object.assign(watched, { forget: call.forget }));
    isGreeted = errors.length === 0 || isRefused;
    return errors;
  }

  function forgetUnlisted(entries: readonly SessionEntry[]): void {
    const listed = listedUuids(entries) as ReadonlySet<string>;
    for (const uuid of [...unwanted.keys()].filter((each) => !listed.has(each))) {
      unwanted.delete(uuid);
      logOnChange(`update of session ${uuid}`, undefined);
    }
  }

  return {
    post: async (reports, entries, { greet, all }) => {
      if (entries) {
        await acknowledgements.review(entries);
        forgetUnlisted(entries);
      }
      const due = reports.filter(isDue).slice(0, all ? undefined : updatesPerPass);
      const isGreetingDue = greet || (due.length > 0 && (!isGreeted || greeting.isMissed()));
      const errors = isGreetingDue ? await greetFirst() : [];
      return isGreeted ? [...errors, ...(await post(due))] : [...errors];
    },
    forgetPauses: () => {
      for (const [uuid, backoff] of unwanted) unwanted.set(uuid, { ...backoff, retryAtSeconds: 0 });
    },
    unwanted: () =>
      [...unwanted].map(
        ([uuid, { reason }]) => `the control plane does not want the update of session ${uuid}: ${reason}`,
      ),
  };
}

/** A refusal of what was said (404, 422), by a control plane that is there. */
function isAnswer(error: unknown): boolean {
  const kind = failureKind(error);
  return kind === 'unknown-node' || kind === 'rejected';
}
