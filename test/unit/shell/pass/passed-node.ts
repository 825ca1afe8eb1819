import { loadTemplates } from '../../../../src/adapters/templates/load-templates.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { sessionId } from '../../../../src/core/model/values/session-id.js';
import { makeFakeHost } from '../../../../src/lab/simulated/machine/fake-host.js';
import type { FakeHost } from '../../../../src/lab/simulated/machine/fake-machine.js';
import { makeFakeState } from '../../../../src/lab/simulated/machine/fake-state.js';
import type { KnownSnapshot, PassResult, ReconcilerContext } from '../../../../src/shell/pass/context.js';
import { type MemoryStore, openMemory } from '../../../../src/shell/pass/memory.js';
import { reconcile } from '../../../../src/shell/pass/pass.js';
import { bootstrap, nodeSettings } from '../../make.js';

export const signal = new AbortController().signal;

export type Pass = (
  sessions: readonly SessionEntry[] | undefined,
  part?: Partial<KnownSnapshot>,
) => Promise<PassResult>;

/** A machine without a past, and what makes passes over it. */
export interface PassedNode {
  readonly host: FakeHost;
  readonly memory: MemoryStore;
  readonly state: ReturnType<typeof makeFakeState>;
  readonly context: ReconcilerContext;
  readonly pass: Pass;
}

export async function makePassedNode(): Promise<PassedNode> {
  const host = makeFakeHost();
  const state = makeFakeState();
  const memory = await openMemory(state);
  const context = { host, memory, templates: await loadTemplates(), settings: nodeSettings };
  const pass: Pass = (sessions, part) => reconcile(context, snapshot(sessions, part), signal);
  return { host, memory, state, context, pass };
}

export function snapshot(
  sessions: readonly SessionEntry[] | undefined,
  part: Partial<KnownSnapshot> = {},
): KnownSnapshot {
  return { config: bootstrap, birdConfig: undefined, mesh: undefined, sessions, ...part };
}

/** The updates of a pass, a line each. */
export function summary(result: PassResult): string[] {
  return result.reports.map(({ uuid, status, error }) => `${uuid} ${status}${error ? `: ${error}` : ''}`);
}

/** The row of the usual session, which is not to be configured any more. */
export function ignored(status: 'queued-for-delete' | 'disabled'): SessionEntry {
  return { kind: 'ignored', uuid: sessionId.parse('abc-123'), status, interface: 'wg_24001' };
}
