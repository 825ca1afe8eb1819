import type { Context } from 'hono';
import { z } from 'zod';
import { amountWords, handshakeWords } from '../core/lookups/wireguard-words.js';
import { parsePeerName } from '../core/model/peer-name.js';
import type { Operations } from '../shell/operations/operations.js';
import { transferOf } from './health-routes.js';
import { changeMs, inTime, readMs, stillAtIt, untilDone } from './in-time.js';
import { HttpError, type Route, readBody } from './server.js';

/** One peer, by the name of its BIRD protocol. */
export function peerRoutes(operations: () => Operations): readonly Route[] {
  return [
    { method: 'POST', path: '/restart', handler: (context) => restart(context, operations()) },
    { method: 'GET', path: '/peer/:name', handler: (context) => peer(context, operations()) },
  ];
}

const restartBody = z
  .object({
    peer_name: z.string(),
    wg_only: z.boolean().nullish(),
    bgp_only: z.boolean().nullish(),
  })
  .refine(
    (body) => !(body.wg_only && body.bgp_only),
    'wg_only and bgp_only together leave nothing to restart',
  );

async function restart(context: Context, operations: Operations): Promise<Response> {
  const body = await readBody(context, restartBody);
  const peer = parsePeerName(body.peer_name);
  if (!peer) throw new HttpError(400, 'peer_name is neither dn42_<asn> nor ibgp_<node id>');
  const request = { peer, tunnel: !body.bgp_only, bgp: !body.wg_only };
  const { value: done } = (await inTime(changeMs, operations.restart(request, untilDone()))) ?? stillAtIt();
  if (!done) throw new HttpError(404, `this node has no peer ${body.peer_name}`);
  const { steps, error } = done;
  if (error === undefined)
    return context.json({ success: true, message: `${body.peer_name} was restarted`, steps });
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
  if (!state) throw new HttpError(404, 'this node has no such peer: it would be dn42_<asn>');
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
  });
}
