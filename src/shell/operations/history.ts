import { identityOf, namesOf, type Subject, subjectsNamed, subjectsOf } from '../../core/explain/subjects.js';
import { TargetError } from '../../core/lookups/target.js';
import { type NodeEvent, subjectKey } from '../../core/model/events/event.js';
import { type HistoryAnswer, type HistoryRequest, toAnswer } from '../history/answer.js';
import type { NodeState } from '../pass/node-state.js';
import type { AgentContext } from '../talk/agent-context.js';

interface HistoryContext extends Pick<AgentContext, 'history' | 'events' | 'host'> {
  readonly state: NodeState;
}

/** The history of the one session or mesh peer that a word means. Throws `TargetError` where it means none, or several. */
export async function history(
  { history, events, host, state }: HistoryContext,
  { session: word, hours }: HistoryRequest,
): Promise<HistoryAnswer> {
  const { lastPass, snapshot } = state;
  const { sessions = [], mesh = [] } = lastPass?.desired ?? {};
  const [found, ...others] = subjectsNamed(subjectsOf(snapshot.sessions ?? [], sessions, mesh), word);
  if (!found) throw new TargetError(`no session or node is called ${JSON.stringify(word)}`);
  if (others.length > 0) {
    const names = [found, ...others].map((each) => namesOf(each)[0]).join(', ');
    throw new TargetError(
      `${JSON.stringify(word)} means ${others.length + 1} sessions: name one of ${names}`,
    );
  }
  const key = historyKey(found);
  if (key === undefined) throw new TargetError(`${JSON.stringify(word)} has no uuid, and so no history`);
  const [series, past] = await Promise.all([
    history.series(key, hours),
    events.read().catch(() => undefined),
  ]);
  const flaps = past && downsOf(past, key, host.clock.now() - hours * 3_600_000);
  return { ...toAnswer(series), ...(flaps !== undefined && { flaps }) };
}

/** How often BGP of a session or mesh peer went down since a time, as the events tell. */
export function downsOf(events: readonly NodeEvent[], key: string, sinceMs: number): number {
  return events.filter((event) => event.kind === 'down' && event.atMs >= sinceMs && subjectKey(event) === key)
    .length;
}

/** By what the history knows a session or mesh peer; undefined for a row without a uuid. */
export function historyKey(subject: Subject): string | undefined {
  if (subject.kind === 'mesh') return subjectKey({ mesh: { nodeId: subject.peer.nodeId } });
  const { uuid } = identityOf(subject);
  return uuid === undefined ? undefined : subjectKey({ session: { uuid } });
}
