import { type SessionEntry, uuidOf } from '../core/model/session.js';
import type { SessionStatus } from '../core/model/session-status.js';
import { type Acknowledged, listedStatus, type SessionReport } from '../core/reports.js';
import { countUnheeded, type Unheeded } from '../core/unheeded.js';
import type { MemoryStore } from './memory.js';
import type { Clock, Log } from './ports.js';

const flushAfterMs = 1000;

/** What the control plane has taken, and whether its list shows it. */
export interface Acknowledgements {
  /** Written down once a second at most, and at `flush`: what a crash loses is told once more. */
  add(report: SessionReport): Promise<void>;
  flush(): Promise<void>;
  /** Forgets what is not listed any more, and what was taken without any effect on the list, so that it is told again. */
  review(entries: readonly SessionEntry[]): Promise<void>;
}

export function keepAcknowledgements(memory: MemoryStore, clock: Clock, log: Log): Acknowledgements {
  const taken = new Map<string, Acknowledged>();
  let listed: ReadonlyMap<string, SessionStatus | undefined> = new Map();
  let reviewed: readonly SessionEntry[] | undefined;
  let unheeded: ReadonlyMap<string, Unheeded> = new Map();
  let firstUnwrittenMs = 0;

  async function flush(): Promise<void> {
    if (taken.size === 0) return;
    const acknowledged = { ...memory.current.acknowledged, ...Object.fromEntries(taken) };
    taken.clear();
    await memory.update({ acknowledged });
  }

  function warn(uuid: string, { status, polls }: Unheeded): void {
    const lists = `${polls} lists say ${listed.get(uuid)}`;
    log.warn(`session ${uuid}: ${lists} since the control plane took that it is ${status}; it is told again`);
  }

  return {
    flush,
    add: async (report) => {
      if (taken.size === 0) firstUnwrittenMs = clock.monotonic();
      taken.set(report.uuid, { report, listed: listed.get(report.uuid) });
      if (clock.monotonic() - firstUnwrittenMs >= flushAfterMs) await flush();
    },
    review: async (entries) => {
      if (entries === reviewed) return;
      reviewed = entries;
      listed = new Map(entries.flatMap((entry) => withStatus(entry)));
      const { acknowledged } = memory.current;
      const counted = countUnheeded(unheeded, acknowledged, listed);
      unheeded = counted.unheeded;
      for (const [uuid, each] of counted.repeated) warn(uuid, each);
      const kept = Object.entries(acknowledged).filter(
        ([uuid]) => listed.has(uuid) && !counted.repeated.has(uuid),
      );
      await memory.update({ acknowledged: Object.fromEntries(kept) });
    },
  };
}

function withStatus(entry: SessionEntry): [string, SessionStatus | undefined][] {
  const uuid = uuidOf(entry);
  return uuid === undefined ? [] : [[uuid, listedStatus(entry)]];
}
