import type { Context } from 'hono';
import type { z } from 'zod';
import { inTime } from '../platform/in-time.js';
import type { Handlers } from '../shell/daemon-api.js';
import type { MaintenanceResult } from '../shell/operations/maintenance.js';
import type { Operations } from '../shell/operations/operations.js';
import type { NodeStatus, ResyncResult } from '../shell/status/status.js';
import { communityCounts, maintenanceState, nodeState, syncState } from './answers.js';
import { operationRoute } from './operation-route.js';
import { HttpError, type Route } from './server.js';

export interface NodeSources extends Pick<Handlers, 'history'> {
  status(): NodeStatus;
  resync(): Promise<ResyncResult>;
  /** Without measuring the traffic that is left. */
  setMaintenance(on: boolean): Promise<MaintenanceResult>;
  /** Gets the failures of tasks that no caller waits for. */
  onError(error: unknown): void;
}

/** Callers wait 3 s for these, and 5 s for the counts. */
const maintenanceMs = 2_500;
const communityMs = 4_500;

const syncTold = { summary: 'Starts a resync', answer: syncState };

/** The node as a whole. */
export function nodeRoutes(sources: NodeSources, operations: () => Operations): readonly Route[] {
  let syncing = false;
  return [
    {
      method: 'GET',
      path: '/status',
      told: { summary: 'The node in a few words', answer: nodeState },
      handler: (context) => context.json(statusOf(sources.status())),
    },
    operationRoute('history', sources),
    {
      method: 'GET',
      path: '/maintenance',
      told: { summary: 'Whether traffic is led away from this node', answer: maintenanceState },
      handler: (context) => context.json(maintenanceOf(sources.status(), '')),
    },
    {
      method: 'POST',
      path: '/maintenance/start',
      told: { summary: 'Leads traffic away from this node', answer: maintenanceState },
      handler: (context) => set(context, true),
    },
    {
      method: 'POST',
      path: '/maintenance/stop',
      told: { summary: 'Leads traffic back', answer: maintenanceState },
      handler: (context) => set(context, false),
    },
    { method: 'POST', path: '/sync', told: syncTold, handler: (context) => sync(context) },
    // The bot uses both. Neither a page in a browser nor a proxy that fetches ahead has the token.
    { method: 'GET', path: '/sync', told: syncTold, handler: (context) => sync(context) },
    {
      method: 'GET',
      path: '/community',
      told: { summary: 'How many routes carry which community', answer: communityCounts },
      handler: (context) => community(context, operations()),
    },
  ];

  async function set(context: Context, on: boolean): Promise<Response> {
    operations();
    const result = await inTime(maintenanceMs, sources.setMaintenance(on));
    if (result && !result.value.ok) throw new HttpError(500, result.value.errors.join('; '));
    const state = on ? 'on: BIRD asks the neighbors to avoid this node' : 'off';
    const message = result
      ? `maintenance is ${state}`
      : `maintenance is ${state}; the agent has not finished configuring BIRD`;
    return context.json(maintenanceOf(sources.status(), message));
  }

  /** One at a time: a second caller gets the running one. */
  function sync(context: Context): Response {
    // A HEAD request must not start a sync.
    if (context.req.method === 'HEAD')
      return context.json({ error: 'use GET or POST' }, 405, { Allow: 'GET, POST' });
    operations();
    if (!syncing) {
      syncing = true;
      sources
        .resync()
        .catch(sources.onError)
        .finally(() => {
          syncing = false;
        });
    }
    // A cache on the way must not answer this GET; it must reach the node each time.
    return context.json({ status: 'sync_triggered' } satisfies z.output<typeof syncState>, 200, {
      'Cache-Control': 'no-store',
    });
  }
}

function statusOf({ agent, maintenance, sessions }: NodeStatus): z.output<typeof nodeState> {
  const peers = sessions.filter(({ state }) => state !== 'ignored' && state !== 'refused');
  return {
    status: 'ok',
    version: agent.version,
    maintenance_mode: maintenance !== undefined,
    uptime: agent.uptimeSeconds,
    peer_count: peers.length,
  };
}

function maintenanceOf({ maintenance }: NodeStatus, message: string): z.output<typeof maintenanceState> {
  return {
    maintenance_mode: maintenance !== undefined,
    entered_at: maintenance ? new Date(maintenance.sinceSeconds * 1000).toISOString() : null,
    message: message || `maintenance is ${maintenance ? 'on' : 'off'}`,
  };
}

async function community(context: Context, operations: Operations): Promise<Response> {
  const { totalRoutes, distributions } = await operations.communities(AbortSignal.timeout(communityMs));
  return context.json({
    total_routes: totalRoutes,
    latency_distribution: distributions.latency,
    bandwidth_distribution: distributions.bandwidth,
    crypto_distribution: distributions.crypto,
    region_distribution: distributions.region,
  } satisfies z.output<typeof communityCounts>);
}
