import type { Snapshot } from '../core/model/control-plane.js';
import { type SessionEntry, uuidOf } from '../core/model/session.js';
import { type Acknowledged, listedStatus, type SessionReport } from '../core/reports.js';
import type { Call } from './calls.js';
import type { MemoryStore } from './memory.js';
import type { ControlPlane, Log } from './ports.js';

export interface UpdateContext {
  readonly controlPlane: ControlPlane;
  readonly memory: MemoryStore;
  readonly log: Log;
  readonly cutOff: AbortSignal;
}

/** Posts what is new, and notes what was taken. What could not be posted is news again after the next pass. */
export async function postUpdates(
  reports: readonly SessionReport[],
  { sessions }: Snapshot,
  context: UpdateContext,
  call: Call,
): Promise<string[]> {
  const errors: string[] = [];
  for (const report of reports) {
    const failed = await call('POST modify', context.cutOff, async () => {
      await context.controlPlane.postModify(report, context.cutOff);
      context.log.info(`session ${report.uuid}: told the control plane that it is ${report.status}`);
      await acknowledge(report, sessions ?? [], context.memory);
    });
    errors.push(...failed);
  }
  if (sessions) await forgetUnlisted(sessions, context.memory);
  return errors;
}

async function acknowledge(
  report: SessionReport,
  sessions: readonly SessionEntry[],
  memory: MemoryStore,
): Promise<void> {
  const entry = sessions.find((candidate) => uuidOf(candidate) === report.uuid);
  const update: Acknowledged = { report, listed: entry && listedStatus(entry) };
  await memory.update({ acknowledged: { ...memory.current.acknowledged, [report.uuid]: update } });
}

async function forgetUnlisted(sessions: readonly SessionEntry[], memory: MemoryStore): Promise<void> {
  const listed = new Set<string | undefined>(sessions.map(uuidOf));
  const kept = Object.entries(memory.current.acknowledged).filter(([uuid]) => listed.has(uuid));
  await memory.update({ acknowledged: Object.fromEntries(kept) });
}
