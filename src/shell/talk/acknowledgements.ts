import { describeSession, listedStatus, type SessionEntry, uuidOf } from '../../core/model/session.js';
import type { SessionReport } from '../../core/model/session-report.js';
import type { SessionId } from '../../core/model/values/session-id.js';
import { type Acknowledged, afterList, contentOf, isShown } from '../../core/verdict/acknowledged.js';
import { countUnapplied, type Repeat, type Unapplied } from '../../core/verdict/unapplied.js';
import type { MemoryStore } from '../pass/memory.js';
import type { Clock } from '../ports/host.js';
import type { Log } from '../ports/log.js';

const flushAfterMs = 1000;

/** The updates that the control plane has accepted, and whether its list shows them. */
export interface Acknowledgements {
  /**
   * `confirmed`: the control plane said that it changed the row. Stored once a second at most, and at `flush`: the agent posts
   * again what a crash loses.
   */
  add(report: SessionReport, confirmed: boolean): Promise<void>;
  flush(): Promise<void>;
  /**
   * Reads one more list, before the pass over it; `askedAtMs` is when the agent asked for it. Forgets sessions that are not
   * listed any more, those that the list queues again, and accepted updates without effect on the list: the agent posts these
   * again. Resolves to the sessions that the list queues again.
   */
  review(entries: readonly SessionEntry[], askedAtMs: number): Promise<readonly SessionId[]>;
  /** What the last list says of a session. */
  rowOf(uuid: string): SessionEntry | undefined;
}

export function keepAcknowledgements(memory: MemoryStore, clock: Clock, log: Log): Acknowledgements {
  const taken = new Map<string, Acknowledged>();
  const takenAtMs = new Map<string, number>();
  let rows: ReadonlyMap<string, SessionEntry> = new Map();
  let reviewed: readonly SessionEntry[] | undefined;
  let unapplied: ReadonlyMap<string, Unapplied> = new Map();
  let firstUnwrittenMs = 0;
  /** True once a list has shown an update: it confirms an update where the answer to `modify` does not. */
  let showsUpdates = false;

  async function flush(): Promise<void> {
    if (taken.size === 0) return;
    const acknowledged = { ...memory.current.acknowledged, ...Object.fromEntries(taken) };
    taken.clear();
    await memory.update({ acknowledged });
  }

  function tell(row: SessionEntry, { status, polls, repeats, isQueuedAgain, pausePolls }: Repeat): void {
    const name = describeSession(row);
    const listed = listedStatus(row) ?? 'what the agent does not know';
    if (!isQueuedAgain) {
      const lists = polls === 1 ? 'its list says' : `its last ${polls} lists say`;
      log.warn(
        `${name}: the control plane accepted the status ${status}, but ${lists} ${listed}; the agent posts it again`,
      );
    } else if (pausePolls === 1) {
      log.info(
        `${name}: the control plane accepted the status ${status} and queued the session again; the agent sets it up and answers again`,
      );
    } else {
      log.warn(
        `${name}: the control plane accepted the status ${status} ${repeats + 1} times in a row and queued the session again each time; the agent answers now, then after ${pausePolls} lists, then less and less often. Find out what queues it in the control plane`,
      );
    }
  }

  return {
    flush,
    rowOf: (uuid) => rows.get(uuid),
    add: async (report, confirmed) => {
      if (taken.size === 0) firstUnwrittenMs = clock.monotonic();
      const row = rows.get(report.uuid);
      taken.set(report.uuid, {
        report,
        listed: row && listedStatus(row),
        ...(row ? { content: contentOf(row) } : {}),
        ...(confirmed || showsUpdates ? { confirmed: true } : {}),
      });
      takenAtMs.set(report.uuid, clock.monotonic());
      if (clock.monotonic() - firstUnwrittenMs >= flushAfterMs) await flush();
    },
    review: async (entries, askedAtMs) => {
      if (entries === reviewed) return [];
      reviewed = entries;
      const newest = rowsOf(entries);
      rows = newest;
      for (const uuid of [...takenAtMs.keys()].filter((each) => !rows.has(each))) takenAtMs.delete(uuid);
      const before = memory.current.acknowledged;
      showsUpdates ||= [...rows].some(([uuid, row]) => {
        const each = before[uuid];
        return each !== undefined && isShown(each, listedStatus(row));
      });
      const isOlder = (uuid: string) => (takenAtMs.get(uuid) ?? Number.NEGATIVE_INFINITY) > askedAtMs;
      const { acknowledged, asked } = afterList(before, rows, isOlder);
      const counted = countUnapplied(
        new Map([...unapplied].filter(([uuid]) => !(asked as readonly string[]).includes(uuid))),
        {
          acknowledged,
          listed: new Map([...rows].map(([uuid, row]) => [uuid, listedStatus(row)])),
          isOlder,
        },
      );
      unapplied = counted.unapplied;
      const queuedAgain: SessionId[] = [];
      for (const [uuid, row] of newest) {
        const repeat = counted.repeated.get(uuid);
        if (repeat) tell(row, repeat);
        if (repeat?.isQueuedAgain) queuedAgain.push(uuid);
      }
      const kept = Object.entries(acknowledged).filter(([uuid]) => !counted.repeated.has(uuid));
      await memory.update({ acknowledged: Object.fromEntries(kept) });
      return [...asked, ...queuedAgain];
    },
  };
}

/** By uuid, as for reports: of several rows with one uuid the first counts. */
function rowsOf(entries: readonly SessionEntry[]): ReadonlyMap<SessionId, SessionEntry> {
  const rows = new Map<SessionId, SessionEntry>();
  for (const entry of entries) {
    const uuid = uuidOf(entry);
    if (uuid !== undefined && !rows.has(uuid)) rows.set(uuid, entry);
  }
  return rows;
}
