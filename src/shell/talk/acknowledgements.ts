import { describeSession, listedStatus, type SessionEntry, uuidOf } from '../../core/model/session.js';
import type { SessionReport } from '../../core/model/session-report.js';
import type { SessionId } from '../../core/model/values/session-id.js';
import { type Acknowledged, afterList, contentOf, isShown } from '../../core/verdict/acknowledged.js';
import { countUnapplied, type Repeat, type Unapplied } from '../../core/verdict/unapplied.js';
import type { MemoryStore } from '../pass/memory.js';
import type { Clock } from '../ports/host.js';
import type { Log } from '../ports/log.js';

const flushAfterMs = 1000;

/** What the control plane has taken, and whether its list shows it. */
export interface Acknowledgements {
  /**
   * `confirmed`: the control plane said that it changed the row. Written down once a second at most, and at `flush`: what
   * a crash loses is told once more.
   */
  add(report: SessionReport, confirmed: boolean): Promise<void>;
  flush(): Promise<void>;
  /**
   * Reads one more list, before the pass over it; `askedAtMs` is when it was asked for. Forgets what is not listed any
   * more, what the list asks for again, and what was taken without any effect on the list, so that it is told again.
   * Resolves to the sessions that the list asks for again.
   */
  review(entries: readonly SessionEntry[], askedAtMs: number): Promise<readonly SessionId[]>;
  /** What the list that was read last says of a session. */
  rowOf(uuid: string): SessionEntry | undefined;
}

export function keepAcknowledgements(memory: MemoryStore, clock: Clock, log: Log): Acknowledgements {
  const taken = new Map<string, Acknowledged>();
  const takenAtMs = new Map<string, number>();
  let rows: ReadonlyMap<string, SessionEntry> = new Map();
  let reviewed: readonly SessionEntry[] | undefined;
  let unapplied: ReadonlyMap<string, Unapplied> = new Map();
  let firstUnwrittenMs = 0;
  /** True once a list has shown an update: where the answer to `modify` says nothing of the row, this does. */
  let showsUpdates = false;

  async function flush(): Promise<void> {
    if (taken.size === 0) return;
    const acknowledged = { ...memory.current.acknowledged, ...Object.fromEntries(taken) };
    taken.clear();
    await memory.update({ acknowledged });
  }

  function tell(uuid: string, { status, polls, repeats, isQueuedAgain, pausePolls }: Repeat): void {
    const row = rows.get(uuid);
    const name = row ? describeSession(row) : `session ${uuid}`;
    const listed = (row && listedStatus(row)) ?? 'what the agent does not know';
    if (!isQueuedAgain) {
      const lists = polls === 1 ? 'a list says' : `${polls} lists say`;
      log.warn(
        `${name}: ${lists} ${listed} since the control plane took that it is ${status}; the agent tells it again`,
      );
    } else if (pausePolls === 1) {
      log.info(
        `${name}: the control plane took that it is ${status}, and has queued it again; the agent sets it up and answers again`,
      );
    } else {
      log.warn(
        `${name}: the control plane took ${repeats + 1} times in a row that it is ${status}, and queued it again each time; the agent answers once more now, then after ${pausePolls} lists, later ever more rarely. Find out what queues it in the control plane`,
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
      rows = rowsOf(entries);
      for (const uuid of [...takenAtMs.keys()].filter((each) => !rows.has(each))) takenAtMs.delete(uuid);
      const before = memory.current.acknowledged;
      showsUpdates ||= [...rows].some(([uuid, row]) => {
        const each = before[uuid];
        return each !== undefined && isShown(each, listedStatus(row));
      });
      const { acknowledged, asked } = afterList(before, rows);
      const counted = countUnapplied(
        new Map([...unapplied].filter(([uuid]) => !(asked as readonly string[]).includes(uuid))),
        {
          acknowledged,
          listed: new Map([...rows].map(([uuid, row]) => [uuid, listedStatus(row)])),
          isOlder: (uuid) => (takenAtMs.get(uuid) ?? Number.NEGATIVE_INFINITY) > askedAtMs,
        },
      );
      unapplied = counted.unapplied;
      for (const [uuid, each] of counted.repeated) tell(uuid, each);
      const kept = Object.entries(acknowledged).filter(([uuid]) => !counted.repeated.has(uuid));
      await memory.update({ acknowledged: Object.fromEntries(kept) });
      return [...asked, ...queuedAgain(counted.repeated, rows)];
    },
  };
}

function queuedAgain(
  repeated: ReadonlyMap<string, Repeat>,
  rows: ReadonlyMap<string, SessionEntry>,
): SessionId[] {
  return [...repeated].flatMap(([uuid, { isQueuedAgain }]) => {
    const row = isQueuedAgain ? rows.get(uuid) : undefined;
    const id = row && uuidOf(row);
    return id === undefined ? [] : [id];
  });
}

/** By uuid, as the reports go: of several rows with one uuid the first counts. */
function rowsOf(entries: readonly SessionEntry[]): ReadonlyMap<string, SessionEntry> {
  const rows = new Map<string, SessionEntry>();
  for (const entry of entries) {
    const uuid = uuidOf(entry);
    if (uuid !== undefined && !rows.has(uuid)) rows.set(uuid, entry);
  }
  return rows;
}
