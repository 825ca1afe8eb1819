import type { ExplainedHistory, HistorySummary } from '../../core/explain/explanation.js';
import type { Subject } from '../../core/explain/subjects.js';
import { round, rounded } from '../../core/history/rounded.js';
import { reachesBack, type Summary, summarize } from '../../core/history/summary.js';
import { wordsOf } from '../../core/model/words-of.js';
import type { AgentContext } from '../talk/agent-context.js';
import { downsOf, historyKey } from './history.js';

const day = 24;
const month = 30 * day;
/** Parts of a drawn line. */
const parts = 24;
/** Behind the point. */
const digits = 4;

/**
 * How a session or mesh peer was in the last 24 hours, and in the last 30 days where more than a day is known. What cannot be read is a
 * note.
 */
export async function explainHistory(
  { history, events, host }: Pick<AgentContext, 'history' | 'events' | 'host'>,
  subject: Subject,
): Promise<{ readonly history: readonly ExplainedHistory[]; readonly notes: readonly string[] }> {
  const key = historyKey(subject);
  if (key === undefined) return { history: [], notes: [] };
  const notes: string[] = [];
  const past = await events.read().catch((error: unknown) => {
    notes.push(`the events cannot be read: ${wordsOf(error)}`);
    return undefined;
  });
  const flaps = (hours: number) =>
    past && { flaps: downsOf(past, key, host.clock.now() - hours * 3_600_000) };
  try {
    const [short, long] = [await history.series(key, day), await history.series(key, month)];
    const all = [
      { hours: day, ...flaps(day), ...toJson(summarize(short, parts)) },
      ...(reachesBack(long, day * 3600)
        ? [{ hours: month, ...flaps(month), ...toJson(summarize(long, parts)) }]
        : []),
    ];
    // Hours and flaps alone say nothing.
    return { history: all.filter((each) => each.up ?? each.rtt ?? each.received), notes };
  } catch (error) {
    return { history: [], notes: [...notes, `the history cannot be read: ${wordsOf(error)}`] };
  }
}

function toJson(found: ReturnType<typeof summarize>): Partial<Record<keyof typeof found, HistorySummary>> {
  return Object.fromEntries(Object.entries(found).map(([measure, summary]) => [measure, shown(summary)]));
}

function shown({ least, average, largest, line }: Summary): HistorySummary {
  return {
    least: round(least, digits),
    average: round(average, digits),
    largest: round(largest, digits),
    line: rounded(line, digits),
  };
}
