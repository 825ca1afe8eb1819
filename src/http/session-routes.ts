import type { Context } from 'hono';
import type { z } from 'zod';
import type { SessionState } from '../core/lookups/session-state.js';
import { amountWords, handshakeWords } from '../core/lookups/wireguard-words.js';
import { parsePeerName } from '../core/model/peer-name.js';
import { inTime } from '../platform/in-time.js';
import type { Operations } from '../shell/operations/operations.js';
import type { Repair } from '../shell/operations/repair.js';
import { peerState, repairs, restartBody, restarted, sessionsHealth } from './answers.js';
import { changeMs, readMs, stillAtIt, untilDone } from './in-time.js';
import { HttpError, type Route, readBody } from './server.js';

/** Sessions as the system shows them now, all or one by its BIRD protocol's name, and their repair. */
export function sessionRoutes(operations: () => Operations, node: () => string): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/health/sessions',
      told: { summary: 'Each session as the system shows it now', answer: sessionsHealth },
      handler: async (context) => {
        const sessions = await operations().sessions(AbortSignal.timeout(readMs));
        return context.json(healthOf(node(), sessions));
      },
    },
    {
      method: 'POST',
      path: '/health/fix',
      told: { summary: 'Repairs addresses and sessions', answer: repairs },
      handler: (context) => fix(context, operations(), node()),
    },
    {
      method: 'POST',
      path: '/restart',
      told: { summary: 'Restarts the tunnel and BGP of one peer', request: restartBody, answer: restarted },
      handler: (context) => restart(context, operations()),
    },
    {
      method: 'GET',
      path: '/peer/:name',
      told: { summary: 'One session, by `dn42_<asn>`', answer: peerState },
      handler: (context) => peer(context, operations()),
    },
  ];
}

function healthOf(node: string, sessions: readonly SessionState[]): z.output<typeof sessionsHealth> {
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
  const { value: done } = (await inTime(changeMs, operations.repair(untilDone()))) ?? stillAtIt();
  const mended = (wanted: string) =>
    done.filter(({ action, error }) => action === wanted && error === undefined).length;
  return context.json({
    node,
    addresses_fixed: mended('add_address'),
    bgp_restarted: mended('restart_bgp'),
    ...(done.length === 0 ? {} : { details: done.map(detailOf) }),
  } satisfies z.output<typeof repairs>);
}

function detailOf({ error, ...repair }: Repair) {
  return { ...repair, result: error === undefined ? 'ok' : `error: ${error}` };
}

async function restart(context: Context, operations: Operations): Promise<Response> {
  const body = await readBody(context, restartBody);
  const peer = parsePeerName(body.peer_name);
  if (!peer) throw new HttpError(400, 'peer_name is neither dn42_<asn> nor ibgp_<node id>');
  const request = { peer, tunnel: !body.bgp_only, bgp: !body.wg_only };
  const { value: done } = (await inTime(changeMs, operations.restart(request, untilDone()))) ?? stillAtIt();
  if (!done) throw new HttpError(404, `this node has no peer ${body.peer_name}`);
  const { steps, error } = done;
  if (error === undefined)
    return context.json({
      success: true,
      message: `${body.peer_name} was restarted`,
      steps,
    } satisfies z.output<typeof restarted>);
  const message = `${body.peer_name} was not restarted: ${error}`;
  return context.json({ success: false, message, steps, error: message }, 500);
}

async function peer(context: Context, operations: Operations): Promise<Response> {
  const name = context.req.param('name') ?? '';
  const parsed = parsePeerName(name);
  const state =
    parsed?.kind === 'session'
      ? await operations.session(parsed.asn, AbortSignal.timeout(readMs))
      : undefined;
  if (!state) throw new HttpError(404, 'this node has no such peer; peer names have the form dn42_<asn>');
  const { tunnel, bgp } = state;
  return context.json({
    peer_name: name,
    bgp_status: bgp.state,
    wg_status: tunnel.up ? 'up' : 'down',
    last_handshake: handshakeWords(tunnel.handshakeSecondsAgo),
    transfer: transferOf(state) ?? { rx: amountWords(0), tx: amountWords(0) },
    uptime: bgp.since ?? '',
    routes_imported: bgp.routesImported,
    routes_exported: bgp.routesExported,
  } satisfies z.output<typeof peerState>);
}

/** The traffic of a tunnel, in words; undefined without the tunnel or its peer. */
function transferOf({ tunnel: { traffic } }: SessionState) {
  return traffic && { rx: amountWords(traffic.rxBytes), tx: amountWords(traffic.txBytes) };
}
