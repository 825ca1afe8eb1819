import { ownerNames } from '../../core/explain/owner-names.js';
import type { Snapshot } from '../../core/model/control-plane.js';
import type { Subject } from '../../core/model/events/event.js';
import { firstSentences, listSome } from '../../core/model/list-some.js';
import { describeUnresolved } from '../../core/model/observed.js';
import { describeOwner, type Owner } from '../../core/model/owner.js';
import type { SessionId } from '../../core/model/values/session-id.js';
import { differenceOf } from '../../core/verdict/session-verdict.js';
import { unreadOthers } from '../../core/verdict/unread-tunnels.js';
import { changeEvents, describeOutcome, kindOfProblem } from '../events/pass-events.js';
import { subjectsOf } from '../events/subjects.js';
import type { PassResult } from '../pass/context.js';
import type { Log, LogOnChange } from '../ports/log.js';

export interface PassLogContext {
  readonly log: Log;
  readonly logOnChange: LogOnChange;
}

/** The most sessions with new problems that one pass names: journald drops lines of a process that writes thousands at once. */
const mostProblems = 50;

/** The most problems of the node in one line. */
const mostInLine = 10;

/** Logs what a pass did, and once what it could not do. `former` is the previous pass. */
export function logPass(
  result: PassResult,
  former: PassResult | undefined,
  snapshot: Snapshot,
  { log, logOnChange }: PassLogContext,
): void {
  const subjectOf = subjectsOf(result, former, snapshot.sessions);
  logChanges(result, subjectOf, log);
  const ofNode = joined([...result.desired.problems, ...result.node.failures]);
  logOnChange('node', ofNode, { kind: kindOfProblem(ofNode) });
  logOnChange('WireGuard', joined(unreadOthers(result)));
  logFaults(result, former, logOnChange);
  logOnChange('adoption', result.desired.birdBlocked);
  logNotes(result, former, log);
  logOnChange('endpoints', describeUnresolved(result.observed.unresolved));
  logOnChange('RPKI names', joined(result.desired.cacheProblems));
  const { bird } = result.observed;
  logOnChange('BIRD', bird.running ? undefined : bird.reason);
  const { doubted } = result.desired;
  const kept =
    doubted.length === 0
      ? undefined
      : `its list leaves out ${listSome(doubted, mostInLine)} without deleting them; the agent keeps them`;
  logOnChange('control plane', kept);
  logNotUnderstood(snapshot, logOnChange);
  logSessions(result, former, subjectOf, { log, logOnChange });
}

/** Logs what became of each change. A failed one is an event only where the problem of its session says why. */
function logChanges(result: PassResult, subjectOf: (owner: Owner) => Subject, log: Log): void {
  for (const { level, text, kind, ...subject } of changeEvents(result, subjectOf)) {
    const uuid = kind === 'failed' ? subject.session?.uuid : undefined;
    const isQuiet = uuid !== undefined && problemOf(result, uuid) !== undefined;
    log[level](text, { ...subject, kind, isQuiet });
  }
}

/** Names the sessions whose problems have changed, unreadable ones last. */
function logSessions(
  result: PassResult,
  former: PassResult | undefined,
  subjectOf: (owner: Owner) => Subject,
  { log, logOnChange }: PassLogContext,
): void {
  // Also sessions that are not listed: one that cannot be removed is a problem, and one that is gone has none any more.
  const uuids = new Set([...result.verdicts.keys(), ...(former?.verdicts.keys() ?? [])]);
  const changed = [...uuids].filter(
    (uuid) => problemOf(result, uuid) !== (former && problemOf(former, uuid)),
  );
  const begun = changed.filter((uuid) => problemOf(result, uuid) !== undefined);
  const isRefused = (uuid: string) => Number(result.verdicts.get(uuid)?.state === 'refused');
  const named = begun.sort((a, b) => isRefused(a) - isRefused(b)).slice(0, mostProblems);
  const ended = changed.filter((uuid) => problemOf(result, uuid) === undefined);
  for (const uuid of [...named, ...ended]) {
    const problem = problemOf(result, uuid);
    const subject = subjectOf({ kind: 'session', uuid: uuid as SessionId });
    logOnChange(`session ${uuid}`, problem, { ...subject, kind: kindOfProblem(problem) });
  }
  const rest = begun.length - named.length;
  if (rest > 0)
    log.warn(`${rest} more sessions have a new problem; moenet-agent status --json lists them all`);
}

/**
 * What is wrong with the node itself. While BIRD does not answer, its faults are unknown, and none counts as over. A remote
 * party such as an RPKI cache has until the next pass to answer a BIRD that has just begun to ask.
 */
function logFaults(result: PassResult, former: PassResult | undefined, logOnChange: LogOnChange): void {
  if (!result.observed.bird.running) return;
  const before = former?.node.faults.map(({ subject }) => subject) ?? [];
  const faults = new Map(
    result.node.faults
      .filter(({ subject, isElsewhere }) => !isElsewhere || before.includes(subject))
      .map(({ subject, words }) => [subject, words]),
  );
  for (const subject of new Set([...before, ...faults.keys()])) logOnChange(subject, faults.get(subject));
}

/** Logs what the agent starts to leave alone, or to keep as it was. */
function logNotes({ desired }: PassResult, former: PassResult | undefined, log: Log): void {
  const said = new Set(former?.desired.notes);
  for (const note of desired.notes) if (!said.has(note)) log.info(note);
}

function problemOf({ verdicts }: PassResult, uuid: string): string | undefined {
  const verdict = verdicts.get(uuid);
  return verdict?.reason ?? verdict?.degraded;
}

/** Names the parts of the control plane's answers that the agent ignored, once per change. */
function logNotUnderstood({ config, birdConfig, mesh }: Snapshot, logOnChange: LogOnChange): void {
  logOnChange('not understood in config', joined(config?.refused ?? []));
  logOnChange('not understood in bird-config', joined(birdConfig?.refused ?? []));
  logOnChange('not understood in mesh', joined((mesh?.refused ?? []).map(({ reason }) => reason)));
}

/** The changes that a pass made, a line each; not those that failed, which are among `errorsOf`. */
export function describePass(result: PassResult): string[] {
  const { putBack, outcomes, desired } = result;
  const nameOf = ownerNames(desired.sessions);
  const back =
    putBack.length === 0
      ? []
      : [
          `node: restored ${putBack.join(', ')} (an agent was killed before it confirmed this change of BIRD)`,
        ];
  const done = outcomes.filter(({ isDone }) => isDone);
  return [...back, ...done.map((one) => `${nameOf(one.change.owner)}: ${describeOutcome(one)}`)];
}

/** What a pass could not do, a line each. */
export function errorsOf(result: PassResult): string[] {
  const { desired, observed, verdicts, failures, node } = result;
  const nameOf = ownerNames(desired.sessions);
  const describe = (uuid: string, words: string | undefined) =>
    words === undefined ? [] : [`${nameOf({ kind: 'session', uuid: uuid as SessionId })}: ${words}`];
  const failed = [...verdicts].flatMap(([uuid, verdict]) => describe(uuid, differenceOf(verdict)?.reason));
  // There may be thousands of unusable rows.
  const refused = [...verdicts].flatMap(([uuid, { state, reason }]) =>
    state === 'refused' ? describe(uuid, reason) : [],
  );
  const others = [...failures].flatMap(([owner, words]) =>
    owner.kind === 'session' ? [] : [`${describeOwner(owner)}: ${words}`],
  );
  const birdBlocked = desired.birdBlocked === undefined ? [] : [desired.birdBlocked];
  const bird = observed.bird.running ? [] : [observed.bird.reason];
  // What the agent could not repair; `status` has what only a person can.
  const own = node.faults.flatMap(({ protocol, words }) => (protocol === undefined ? [] : [words]));
  return [...desired.problems, ...birdBlocked, ...bird, ...own, ...others, ...failed, ...refused];
}

function joined(problems: readonly string[]): string | undefined {
  return problems.length === 0 ? undefined : firstSentences(problems, mostInLine, 'problems').join('; ');
}
