import { meshPingTarget } from '../../core/desired/mesh.js';
import { protocolNames } from '../../core/desired/sessions.js';
import type { Evidence } from '../../core/explain/evidence.js';
import { explainMesh } from '../../core/explain/explain-mesh.js';
import { explainSession } from '../../core/explain/explain-session.js';
import type { Explained, ExplainedRtt, Explanation, RefusedGroup } from '../../core/explain/explanation.js';
import {
  identityOf,
  type MeshSubject,
  namesOf,
  type SessionSubject,
  type Subject,
  subjectsNamed,
  subjectsOf,
  titleOf,
} from '../../core/explain/subjects.js';
import { span } from '../../core/explain/units.js';
import { summarize } from '../../core/lookups/probe-history.js';
import { refusedReason } from '../../core/lookups/refused-reasons.js';
import { ibgpProtocolName } from '../../core/model/names.js';
import type { Observed } from '../../core/model/observed.js';
import type { Owner } from '../../core/model/owner.js';
import { sessionId } from '../../core/model/values/session-id.js';
import { wordsOf } from '../../core/model/words-of.js';
import { makePlan } from '../../core/plan/plan.js';
import { viewSession } from '../../core/verdict/session-view.js';
import type { PassResult } from '../pass/context.js';
import type { NodeState } from '../pass/node-state.js';
import { lookAt } from '../pass/observe.js';
import { changesFor } from '../pass/recent-changes.js';
import type { RefusedRoutes } from '../ports/bird.js';
import { meshRows, sessionRows } from '../status/rows.js';
import type { AgentContext } from '../talk/agent-context.js';
import { explainHistory } from './explain-history.js';
import type { Probes } from './probes.js';

export interface ExplainContext
  extends Pick<AgentContext, 'host' | 'memory' | 'settings' | 'history' | 'events'> {
  readonly state: NodeState;
  readonly probes: Probes;
  /** Seconds until the next regular pass. */
  nextPassSeconds(): number;
}

/** How many of the last changes are shown. */
const mostChanges = 10;

/**
 * Explains the one session or mesh peer that `word` names, from the last pass and from looks of now at links, WireGuard and BIRD. Changes
 * nothing, and works also while a pass hangs.
 */
export async function explain(
  context: ExplainContext,
  word: string,
  signal: AbortSignal,
): Promise<Explained> {
  const { state } = context;
  const { lastPass, snapshot } = state;
  const all = subjectsOf(
    snapshot.sessions ?? [],
    lastPass?.desired.sessions ?? [],
    lastPass?.desired.mesh ?? [],
  );
  const found = subjectsNamed(all, word);
  const [subject] = found;
  if (!subject) return { matches: [], names: [...new Set(all.flatMap(namesOf))] };
  if (found.length > 1) {
    const states = statesOf(context);
    return {
      matches: found.map((each) => ({
        name: namesOf(each)[0] ?? '',
        title: titleOf(each),
        state: states(each).state,
      })),
      names: [],
    };
  }
  if (!lastPass) throw new Error(state.passError ?? 'the first pass is not finished yet');
  return { explanation: await explainOne(context, subject, lastPass, signal), matches: [], names: [] };
}

async function explainOne(
  context: ExplainContext,
  subject: Subject,
  lastPass: PassResult,
  signal: AbortSignal,
): Promise<Explanation> {
  const { state, memory, settings } = context;
  const { observed, notes } = await lookNow(context, lastPass, signal);
  const owner = ownerOf(subject);
  const names = protocolsOf(subject, lastPass);
  const asn = lastPass.desired.node.asn;
  const isRunning = observed.bird.running;
  const look = await askBird(context, { names: isRunning ? names : [], asn, observed }, signal);
  const past = await explainHistory(context, subject);
  const { backoffs, cutOffs } = memory.current;
  const { desired } = lastPass;
  const evidence: Evidence = {
    desired,
    observed,
    plan: makePlan(desired, observed, memory.current),
    backoff: owner && backoffs.get(owner),
    cutOff: owner && cutOffs.get(owner),
    details: look.details,
    refused: look.refused,
    changes: owner ? changesFor(state.recentChanges, owner).slice(0, mostChanges) : [],
    rtt: rttOf(context, subject, lastPass),
    history: past.history,
    nextPassSeconds: context.nextPassSeconds(),
    ...statesOf(context)(subject),
    notes: [...notes, ...look.notes, ...past.notes],
  };
  if (subject.kind === 'mesh') return explainPeer(context, subject, evidence);
  const limits = state.snapshot.birdConfig?.policy ?? {};
  return explainSession(subject, {
    ...evidence,
    verdicts: lastPass.verdicts,
    options: { operator: settings.sessions, limits },
  });
}

function explainPeer(
  { state, memory, host }: ExplainContext,
  subject: MeshSubject,
  evidence: Evidence,
): Explanation {
  const { nodeId } = subject.peer;
  const row = state.snapshot.mesh?.peers.find((each) => each.nodeId === nodeId);
  const nowSeconds = Math.floor(host.clock.now() / 1000);
  const problem = meshRows(state, memory.current, nowSeconds).find((each) => each.nodeId === nodeId)?.error;
  return explainMesh(subject, row, { ...evidence, problem });
}

/** The last pass's view of the system, with links, WireGuard and BIRD as they are now; what cannot be read stays as the pass saw it. */
async function lookNow(
  { host, state }: ExplainContext,
  { observed }: PassResult,
  signal: AbortSignal,
): Promise<{ readonly observed: Observed; readonly notes: string[] }> {
  const stale = state.passError === undefined ? [] : [state.passError];
  try {
    return { observed: { ...observed, ...(await lookAt(host, signal)) }, notes: stale };
  } catch (error) {
    signal.throwIfAborted();
    const nowSeconds = Math.floor(host.clock.now() / 1000);
    const age = span(nowSeconds - observed.nowSeconds);
    return {
      observed,
      notes: [...stale, `the system cannot be read now (${wordsOf(error)}); what is observed is ${age} old`],
    };
  }
}

interface Questions {
  readonly names: readonly string[];
  readonly asn: number | undefined;
  readonly observed: Observed;
}

/** What only BIRD knows of these protocols: their details, and the routes that were refused. */
async function askBird(
  { host }: ExplainContext,
  { names, asn, observed }: Questions,
  signal: AbortSignal,
): Promise<Pick<Evidence, 'details' | 'refused' | 'notes'>> {
  const details = new Map<string, readonly string[]>();
  const refused: RefusedRoutes[] = [];
  const running = observed.bird.running ? observed.bird.protocols : [];
  const hasRefused = (name: string) =>
    running
      .find((protocol) => protocol.name === name)
      ?.channels.some(({ routes }) => (routes?.filtered ?? 0) > 0) === true;
  try {
    for (const name of names) {
      details.set(name, await host.bird.tables.protocol(name, signal));
      if (asn !== undefined && hasRefused(name))
        refused.push(...(await host.bird.tables.refused(name, asn, signal)));
    }
    return { details, refused: grouped(refused), notes: [] };
  } catch (error) {
    signal.throwIfAborted();
    return { details, refused: grouped(refused), notes: [`BIRD does not say all: ${wordsOf(error)}`] };
  }
}

/** Of all of a session's protocols together, the most frequent reason first. */
function grouped(routes: readonly RefusedRoutes[]): RefusedGroup[] {
  const reasons = [...new Set(routes.map(({ reason }) => reason))];
  return reasons
    .map((reason) => {
      const same = routes.filter((each) => each.reason === reason);
      const count = same.reduce((sum, each) => sum + each.count, 0);
      return {
        reason,
        words: refusedReason(reason).words,
        count,
        examples: same.flatMap(({ examples }) => examples),
      };
    })
    .sort((a, b) => b.count - a.count);
}

function ownerOf(subject: Subject): Owner | undefined {
  if (subject.kind === 'mesh') return { kind: 'mesh', nodeId: subject.peer.nodeId };
  const uuid = sessionId.safeParse(identityOf(subject).uuid);
  return uuid.success ? { kind: 'session', uuid: uuid.data } : undefined;
}

function protocolsOf(subject: Subject, { desired }: PassResult): readonly string[] {
  if (subject.kind === 'session') return subject.item ? protocolNames(subject.item) : [];
  const ibgp = ibgpProtocolName(subject.peer.nodeId);
  return desired.nodeProtocols.some(({ name }) => name === ibgp) ? [ibgp] : [];
}

function rttOf(
  { state, memory, probes }: ExplainContext,
  subject: Subject,
  { desired, observed }: PassResult,
): ExplainedRtt | undefined {
  if (subject.kind === 'mesh') {
    const target = meshPingTarget(subject.peer, state.snapshot, desired.node.asn);
    return target === undefined
      ? undefined
      : { ...pingOf(state, target), tier: undefined, averageMs: undefined, history: [] };
  }
  const { item } = subject;
  const target = item && viewSession(item, observed).pingTarget;
  if (!item || target === undefined) return undefined;
  const known = probes.of(item.session.asn);
  const all = known?.history.probes.filter((probe) => probe.target === target) ?? [];
  const summary = summarize({ probes: all, made: 0, failed: 0 });
  return {
    ...pingOf(state, target),
    tier: memory.current.latencies[item.session.uuid]?.tier,
    averageMs: summary?.averageMs,
    history: all.map(({ atSeconds, rttMs }) => ({ atSeconds, rttMs })),
  };
}

function pingOf({ pings }: NodeState, target: string): Pick<ExplainedRtt, 'target' | 'lastMs' | 'loss'> {
  const ping = pings.get(target);
  return { target, lastMs: ping?.rttMs, loss: ping?.loss };
}

/** The states as `status` shows them. */
function statesOf({
  state,
  memory,
  host,
}: ExplainContext): (subject: Subject) => Pick<Evidence, 'state' | 'trouble'> {
  const nowSeconds = Math.floor(host.clock.now() / 1000);
  const sessions = sessionRows(state, memory.current, nowSeconds);
  const mesh = meshRows(state, memory.current, nowSeconds);
  return (subject) => {
    if (subject.kind === 'mesh') {
      const row = mesh.find(({ nodeId }) => nodeId === subject.peer.nodeId);
      return { state: row?.error === undefined ? 'ok' : 'error', trouble: row?.trouble };
    }
    return stateOfSession(subject, sessions, state);
  };
}

/** Rows of one uuid, or without any, are told apart by their place in the list. */
function stateOfSession(
  { entry, item }: SessionSubject,
  rows: ReturnType<typeof sessionRows>,
  { snapshot, lastPass }: NodeState,
): Pick<Evidence, 'state' | 'trouble'> {
  const row = entry && rows[(snapshot.sessions ?? []).indexOf(entry)];
  if (row) return { state: row.state, trouble: row.trouble };
  const verdict = lastPass?.verdicts.get(item?.session.uuid ?? '');
  return { state: verdict?.state ?? 'unknown', trouble: undefined };
}
