import type { Subject } from '../../core/model/events/event.js';
import { describeSession, listedStatus, type SessionEntry } from '../../core/model/session.js';
import type { SessionReport } from '../../core/model/session-report.js';
import type { SessionId } from '../../core/model/values/session-id.js';
import { wordsOf } from '../../core/model/words-of.js';
import { afterFailure, type Backoff, isWaiting } from '../../core/plan/backoff.js';
import { contentOf } from '../../core/verdict/acknowledged.js';
import type { Verdicts } from '../../core/verdict/session-verdict.js';
import { entrySubject } from '../events/subjects.js';
import { failedAs, isRefusal } from '../ports/control-plane-error.js';
import type { Clock } from '../ports/host.js';
import { keepAcknowledgements } from './acknowledgements.js';
import type { AgentContext } from './agent-context.js';
import type { Call, CallTask } from './calls.js';
import { minuteShare } from './minute-share.js';

type Part = 'controlPlane' | 'memory' | 'log' | 'logOnChange' | 'requestsPerMinute' | 'cutOff';

export interface UpdateContext extends Pick<AgentContext, Part> {
  readonly host: { readonly clock: Clock };
}

/** The heartbeat that goes before the updates, as a control plane that was away expects it. */
export interface Greeting {
  /** True where the last heartbeat failed. */
  isMissed(): boolean;
  post(call: Call): Promise<readonly string[]>;
}

interface PostOptions {
  /** Posts a heartbeat first in any case. */
  readonly greet: boolean;
  /** Posts all, however long it takes; otherwise as many as this minute still has room for. */
  readonly all: boolean;
  /** They decide what comes first. */
  readonly verdicts?: Verdicts;
}

/** Of the agent's own limit the rest is for heartbeats and lists: these must not wait until the minute of many updates is over. */
const partForUpdates = 5 / 6;

/** The next pass does not wait longer for a control plane that answers slowly. */
const postsWithinMs = 30_000;

/** There may be thousands of unusable rows. They are not urgent. */
const complaintsPerPass = 20;

/**
 * Tells the control plane the state of the sessions. There is no queue that could be lost: each pass derives what to post
 * from the list, the system and the accepted updates, so each post has the newest state, once.
 */
export interface Updates {
  /**
   * Reads a list that the agent asked for at `askedAtMs`, before the pass over it. Resolves to the uuids of the sessions that
   * the list queues again after an edit.
   */
  review(entries: readonly SessionEntry[], askedAtMs: number): Promise<readonly SessionId[]>;
  /**
   * Posts new updates, after a heartbeat where one is due. Updates that were not posted are new again after the next pass.
   * Resolves to the errors.
   */
  post(reports: readonly SessionReport[], options: PostOptions): Promise<string[]>;
  /** True where the last post put updates off that there is room for now. */
  areDue(): boolean;
  /** Ends the pauses of refused updates. */
  forgetPauses(): void;
  /** The updates that the control plane did not accept, a line each. */
  refused(): readonly string[];
  /** How many updates followed from the last pass and have not been accepted: refused, put off or not posted. */
  waiting(): number;
}

export function createUpdates(context: UpdateContext, call: Call, greeting: Greeting): Updates {
  const { controlPlane, cutOff, host, log, logOnChange } = context;
  const acknowledgements = keepAcknowledgements(context.memory, host.clock, log);
  const refused = new Map<string, Backoff>();
  const share = minuteShare(Math.max(1, Math.floor(context.requestsPerMinute * partForUpdates)));
  let isGreeted = false;
  let waiting = 0;
  let putOff = 0;
  const nowSeconds = () => Math.floor(host.clock.now() / 1000);
  const isDue = (report: SessionReport) => !isWaiting(refused.get(report.uuid), wishOf(report), nowSeconds());

  function subjectOf(uuid: string): Subject {
    const row = acknowledgements.rowOf(uuid);
    return row ? entrySubject(row) : { session: { uuid } };
  }

  function nameOf(uuid: string): string {
    const row = acknowledgements.rowOf(uuid);
    return row ? describeSession(row) : `session ${uuid}`;
  }

  /** An update of a row that has changed in between counts as another one. */
  function wishOf(report: SessionReport): string {
    const row = acknowledgements.rowOf(report.uuid);
    return JSON.stringify([report, row && listedStatus(row), row && contentOf(row)]);
  }

  async function post(reports: readonly SessionReport[], all: boolean): Promise<string[]> {
    const errors: string[] = [];
    const startedMs = host.clock.monotonic();
    for (const [index, report] of reports.entries()) {
      const nowMs = host.clock.monotonic();
      const waitMs = share.waitMs(nowMs);
      if (!all && (waitMs > 0 || nowMs - startedMs > postsWithinMs)) {
        putOff = reports.length - index;
        break;
      }
      if (waitMs > 0) await host.clock.sleep(waitMs, cutOff);
      if (cutOff.aborted) break;
      share.sent(host.clock.monotonic());
      const { failures, refusal, confirmed } = await tell(report);
      errors.push(...failures);
      // If the control plane is away now, it is away for the rest, too, and each try takes time.
      if (failures.length > 0) isGreeted = false;
      if (failures.length > 0 || cutOff.aborted) break;
      errors.push(...refusal);
      note(report, refusal[0]);
      if (refusal.length === 0) {
        waiting -= 1;
        await acknowledgements.add(report, confirmed);
      }
    }
    await acknowledgements.flush();
    return errors;
  }

  /** The failure of the call itself, or why the control plane refused this update: at most one of them. */
  async function tell(report: SessionReport) {
    const refusal: string[] = [];
    let confirmed = false;
    const failures = await call('POST modify', cutOff, async () => {
      try {
        confirmed = (await controlPlane.postModify(report, cutOff)) === true;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        // The missing row is what `deleted` asks for.
        if (!(report.status === 'deleted' && failedAs('unknown-node', error))) refusal.push(wordsOf(error));
      }
    });
    return { failures, refusal, confirmed };
  }

  function note(report: SessionReport, refusal: string | undefined): void {
    const { uuid, status } = report;
    if (refusal === undefined) {
      refused.delete(uuid);
      log.info(
        `told the control plane that it is ${status === 'error' ? 'in error' : status}`,
        subjectOf(uuid),
      );
    } else {
      refused.set(uuid, afterFailure(refused.get(uuid), wishOf(report), refusal, nowSeconds()));
    }
    logOnChange(`update of session ${uuid}`, refusal && notAccepted(refusal), subjectOf(uuid));
  }

  async function greetFirst(): Promise<readonly string[]> {
    let isRefused = false;
    const watched = (name: string, signal: AbortSignal, task: CallTask) =>
      call(name, signal, () =>
        task().catch((error) => {
          // If only heartbeats fail, the updates must not wait for ever: the first of them shows the cause.
          isRefused = isRefusal(error) || failedAs('server-error', error);
          throw error;
        }),
      );
    const errors = await greeting.post(Object.assign(watched, { forget: call.forget }));
    isGreeted = errors.length === 0 || isRefused;
    return errors;
  }

  /** Updates that the list shows now, or whose session it does not list any more, are not needed. */
  function forgetAllBut(reports: readonly SessionReport[]): void {
    const wanted = new Set<string>(reports.map(({ uuid }) => uuid));
    for (const uuid of [...refused.keys()].filter((each) => !wanted.has(each))) {
      refused.delete(uuid);
      logOnChange(`update of session ${uuid}`, undefined, subjectOf(uuid));
    }
  }

  return {
    review: acknowledgements.review,
    post: async (reports, { greet, all, verdicts = new Map() }) => {
      forgetAllBut(reports);
      waiting = reports.length;
      putOff = 0;
      const due = all ? reports.filter(isDue) : firstOf(reports.filter(isDue), verdicts);
      const isGreetingDue = greet || (due.length > 0 && (!isGreeted || greeting.isMissed()));
      const errors = isGreetingDue ? await greetFirst() : [];
      return isGreeted ? [...errors, ...(await post(due, all))] : [...errors];
    },
    areDue: () => putOff > 0 && share.waitMs(host.clock.monotonic(), putOff) === 0,
    forgetPauses: () => {
      for (const [uuid, backoff] of refused) refused.set(uuid, { ...backoff, retryAtSeconds: 0 });
    },
    refused: () =>
      [...refused].map(
        ([uuid, { reason }]) =>
          `${nameOf(uuid)}: the control plane did not accept its status (${reason}); the agent posts it again, less and less often`,
      ),
    waiting: () => waiting,
  };
}

function notAccepted(refusal: string): string {
  return `the control plane did not accept its status: ${refusal}`;
}

/** Complaints last, and few of them. */
function firstOf(due: readonly SessionReport[], verdicts: Verdicts): SessionReport[] {
  const isComplaint = ({ uuid }: SessionReport) => verdicts.get(uuid)?.state === 'refused';
  const urgent = due.filter((report) => !isComplaint(report));
  return [...urgent, ...due.filter(isComplaint).slice(0, complaintsPerPass)];
}
