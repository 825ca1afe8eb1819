import {
  type CommunityCounts,
  communityCounts,
  communityQuestions,
} from '../../core/lookups/community-counts.js';
import { type SessionState, sessionState } from '../../core/lookups/session-state.js';
import { sessionOf } from '../../core/model/peer-name.js';
import type { IpAddress, Prefix } from '../../core/model/values/ip.js';
import { lookAt } from '../pass/observe.js';
import type { OperationsContext } from './context.js';
import { openProbes, type Probes } from './probes.js';
import { type Repair, repair } from './repair.js';
import { type RestartRequest, type RestartResult, restartPeer } from './restart-peer.js';

/** What an operator can ask of a node, besides the work of its loops. */
export interface Operations {
  /** Every configured session, as the system shows it now. */
  sessions(signal: AbortSignal): Promise<readonly SessionState[]>;
  /** The session of an ASN; undefined where none is configured. */
  session(asn: number, signal: AbortSignal): Promise<SessionState | undefined>;
  restart(request: RestartRequest, signal: AbortSignal): Promise<RestartResult | undefined>;
  repair(signal: AbortSignal): Promise<readonly Repair[]>;
  routes(to: IpAddress | Prefix, signal: AbortSignal): Promise<readonly string[]>;
  /** Counts of routes by the communities of the network's policy. */
  communities(signal: AbortSignal): Promise<CommunityCounts>;
  readonly probes: Probes;
}

export function openOperations(context: OperationsContext): Operations {
  const { host, state } = context;
  const { tables } = host.bird;
  const configured = () => state.lastPass?.desired.sessions ?? [];
  return {
    sessions: async (signal) => {
      const live = await lookAt(host, signal);
      return configured().map((session) => sessionState(session, live));
    },
    session: async (asn, signal) => {
      const found = sessionOf(configured(), asn);
      return found && sessionState(found, await lookAt(host, signal));
    },
    restart: (request, signal) => restartPeer(context, request, signal),
    repair: (signal) => repair(context, signal),
    routes: (to, signal) => tables.routes(to, signal),
    communities: async (signal) => {
      const questions = communityQuestions(state.snapshot.birdConfig?.policy.communities ?? {});
      const { total, counts } = await tables.count(questions, signal);
      return communityCounts(total, questions, counts);
    },
    probes: openProbes(state, context),
  };
}
