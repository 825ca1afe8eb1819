import type { Context } from 'hono';
import type { SessionState } from '../core/lookups/session-state.js';
import { amountWords, handshakeWords } from '../core/lookups/wireguard-words.js';
import type { Operations } from '../shell/operations/operations.js';
import type { Repair } from '../shell/operations/repair.js';
import { changeMs, inTime, readMs, stillAtIt, untilDone } from './in-time.js';
import type { Route } from './server.js';

/** All sessions as the system shows them now, and what mends them. */
export function healthRoutes(operations: () => Operations, node: () => string): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/health/sessions',
      handler: async (context) => {
        const sessions = await operations().sessions(AbortSignal.timeout(readMs));
        return context.json(healthOf(node(), sessions));
      },
    },
    { method: 'POST', path: '/health/fix', handler: (context) => fix(context, operations(), node()) },
  ];
}

function healthOf(node: string, sessions: readonly SessionState[]) {
  const down = sessions.filter(({ tunnel }) => !tunnel.up);
  const established = sessions.filter(({ tunnel, bgp }) => tunnel.up && bgp.state === 'Established');
  return {
    node,
    timestamp: Math.floor(Date.now() / 1000),
    sessions: sessions.map((state) => ({
      asn: state.asn,
      interface: state.interface,
      wg: {
        exists: state.tunnel.exists,
        up: state.tunnel.up,
        last_handshake: handshakeWords(state.tunnel.handshakeSecondsAgo),
        handshake_ok: state.tunnel.isFresh,
        has_link_local: state.tunnel.hasLinkLocal,
        transfer: transferOf(state),
      },
      bgp: {
        state: state.bgp.state,
        uptime: state.bgp.since,
        routes_imported: state.bgp.routesImported,
        routes_exported: state.bgp.routesExported,
      },
    })),
    summary: {
      total: sessions.length,
      established: established.length,
      bgp_down: sessions.length - established.length - down.length,
      wg_down: down.length,
    },
  };
}

async function fix(context: Context, operations: Operations, node: string): Promise<Response> {
  const { value: repairs } = (await inTime(changeMs, operations.repair(untilDone()))) ?? stillAtIt();
  const mended = (wanted: string) =>
    repairs.filter(({ action, error }) => action === wanted && error === undefined).length;
  return context.json({
    node,
    addresses_fixed: mended('add_address'),
    bgp_restarted: mended('restart_bgp'),
    ...(repairs.length === 0 ? {} : { details: repairs.map(detailOf) }),
  });
}

function detailOf({ error, ...repair }: Repair) {
  return { ...repair, result: error === undefined ? 'ok' : `error: ${error}` };
}

/** What went over a tunnel, in words; undefined where the tunnel or its peer is not there. */
export function transferOf({ tunnel: { traffic } }: SessionState) {
  return traffic && { rx: amountWords(traffic.rxBytes), tx: amountWords(traffic.txBytes) };
}
