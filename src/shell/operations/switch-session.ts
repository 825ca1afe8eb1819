import { z } from 'zod';
import { drainSeconds } from '../../core/desired/disabled/disabled.js';
import type { Disabled } from '../../core/model/disabled.js';
import { sessionSubject } from '../../core/model/events/event.js';
import { formatMark } from '../../core/model/owner.js';
import { parsePeerName, sessionsNamed, subjectWord } from '../../core/model/peer-name.js';
import type { Session } from '../../core/model/session.js';
import { viewSession } from '../../core/verdict/session-view.js';
import type { MemoryStore } from '../pass/memory.js';
import type { NodeState } from '../pass/node-state.js';
import type { Clock } from '../ports/host.js';
import { type ResyncResult, resyncResult } from '../status/status.js';
import type { OrderContext } from './context.js';

/** An operator's request for one session on this node. */
export const switchRequest = z.object({
  session: subjectWord.describe('a uuid, an interface or an ASN'),
  to: z.enum(['disabled', 'enabled']),
  now: z.boolean().default(false).describe('at once, without leading its traffic away first'),
});

export const switchAnswer = resyncResult.extend({
  session: z
    .object({ uuid: z.string(), asn: z.number(), interface: z.string() })
    .optional()
    .describe('absent where the word names no session, or several'),
  state: z
    .enum(['draining', 'disabled', 'enabled'])
    .optional()
    .describe('`enabled`: not disabled any more, but BGP may still need time'),
  drainedAtSeconds: z.number().optional().describe('Unix time in seconds of the end of draining'),
});

export type SwitchRequest = z.output<typeof switchRequest>;
export type SwitchResult = z.output<typeof switchAnswer>;

/** Disables or enables one session on this node, and makes a pass. */
export async function switchSession(context: OrderContext, request: SwitchRequest): Promise<SwitchResult> {
  const { state, memory, host, exclusive, log } = context;
  const found = findSession(state, request.session);
  if (typeof found === 'string') return refused(found);
  const staysOff = whyStaysOff(found, request, state);
  if (staysOff !== undefined) return refused(staysOff);
  // A running pass would store again the value that it began with.
  await exclusive(() => storeSwitch(found, request, { state, memory, clock: host.clock }));
  log.info(describeSwitch(request), { ...sessionSubject(found), kind: 'switch' });
  return switchResult(found, await context.pass(), { state, memory });
}

function refused(why: string): SwitchResult {
  return { ok: false, changes: [], errors: [why], session: undefined, state: undefined };
}

/** The one session that the word names, or why there is none, in words. */
function findSession({ snapshot }: NodeState, word: string): Session | string {
  if (!snapshot.sessions) return "the control plane's list of sessions is not known yet";
  const sessions = snapshot.sessions.flatMap((entry) => (entry.kind === 'session' ? [entry.session] : []));
  const [found, ...others] = sessionsNamed(sessions, word);
  if (!found) return `no session on this node is called ${word}; moenet-agent status lists them`;
  if (others.length === 0) return found;
  const names = [found, ...others].map(({ uuid, interface: name }) => `${name} (session ${uuid})`);
  return `${word} means ${names.length} sessions: ${names.join(', ')}; name one by its interface or its uuid`;
}

interface SwitchContext {
  readonly state: NodeState;
  readonly memory: MemoryStore;
}

/** The mark of the one session or iBGP peer (`ibgp_<node id>`) that the word means, or why there is none, in words. */
export function marksNamed(state: NodeState, word: string): ReadonlySet<string> | string {
  const peer = parsePeerName(word);
  if (peer?.kind === 'ibgp') return new Set([formatMark({ kind: 'mesh', nodeId: peer.nodeId })]);
  const found = findSession(state, word);
  return typeof found === 'string' ? found : new Set([formatMark({ kind: 'session', uuid: found.uuid })]);
}

/** Stores what the operator asks for. The next pass applies it. */
async function storeSwitch(
  { uuid }: Session,
  { to, now }: SwitchRequest,
  { state, memory, clock }: SwitchContext & { readonly clock: Clock },
): Promise<void> {
  const nowSeconds = Math.floor(clock.now() / 1000);
  const before = memory.current.disabled[uuid];
  const isUp = !now && hasRoutes(state, uuid);
  const after = to === 'enabled' ? enabled(before, nowSeconds) : disabled(before, nowSeconds, isUp);
  const rest = Object.entries(memory.current.disabled).filter(([other]) => other !== uuid);
  const all = after ? [...rest, [uuid, after] as const] : rest;
  await memory.update({ disabled: Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1))) });
}

function describeSwitch({ to, now }: SwitchRequest): string {
  if (to === 'enabled') return 'an operator enabled this session';
  return `an operator disabled this session${now ? ' at once' : ''}`;
}

/** Why the session cannot be enabled by hand; undefined where it can. */
function whyStaysOff({ uuid, interface: name }: Session, { to }: SwitchRequest, { lastPass }: NodeState) {
  const item = lastPass?.desired.sessions.find(({ session }) => session.uuid === uuid);
  if (to === 'disabled' || !item?.session.options?.shutdown) return undefined;
  return `${name} stays off, because its option "shutdown" is on; take it out of "sessions" in the agent's configuration file, or of the session's data at the control plane`;
}

/** Also brings a session back that was disabled by hand and that no pass has seen yet. */
function enabled(before: Disabled | undefined, nowSeconds: number): Disabled | undefined {
  if (before?.phase === 'draining') return undefined;
  const { by = 'moenet-agent', sinceSeconds = nowSeconds } = before ?? {};
  return { by, sinceSeconds, phase: 'returning' };
}

function disabled(before: Disabled | undefined, nowSeconds: number, isUp: boolean): Disabled {
  if (before?.phase === 'off' && before.protocols === undefined) return before;
  const after = { by: 'moenet-agent', sinceSeconds: nowSeconds } as const;
  if (!isUp) return { ...after, phase: 'off' };
  if (before?.phase === 'draining') return before;
  return { ...after, phase: 'draining', drainedAtSeconds: nowSeconds + drainSeconds };
}

/** A session that is down has no traffic to lead away. */
function hasRoutes({ lastPass }: NodeState, uuid: string): boolean {
  const item = lastPass?.desired.sessions.find(({ session }) => session.uuid === uuid);
  if (!item || !lastPass) return false;
  return viewSession(item, lastPass.observed).protocols.some(({ bgp }) => bgp?.state === 'Established');
}

/** The result after the pass. */
function switchResult(
  { uuid, asn, interface: name }: Session,
  pass: Pick<ResyncResult, 'changes'>,
  { state, memory }: SwitchContext,
): SwitchResult {
  const { lastPass, passError } = state;
  const verdict = lastPass?.verdicts.get(uuid);
  const isBroken = verdict?.state === 'refused' || verdict?.state === 'failed';
  const words = [passError, isBroken ? verdict.reason : undefined, memory.problem];
  const errors = words.filter((each) => each !== undefined);
  const { phase, drainedAtSeconds } = memory.current.disabled[uuid] ?? {};
  return {
    ok: errors.length === 0,
    changes: pass.changes,
    errors,
    session: { uuid, asn, interface: name },
    state: phase === 'draining' ? 'draining' : phase === 'off' ? 'disabled' : 'enabled',
    drainedAtSeconds: phase === 'draining' ? drainedAtSeconds : undefined,
  };
}
