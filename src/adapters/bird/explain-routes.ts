import type { RouteAnswers } from '../../core/explain/route/explain-route.js';
import type { Roa } from '../../core/explain/route/roa-state.js';
import { parseRoutes } from '../../core/lookups/bird-routes.js';
import { mainTables, roaTables } from '../../core/model/names.js';
import { type IpAddress, type Prefix, parsePrefix } from '../../core/model/values/ip.js';
import { parseProtocols } from './parse.js';
import { linesOf, symbol } from './route-replies.js';
import type { Reply } from './socket/reply.js';
import type { BirdConnection } from './socket/socket.js';

/** Asks all on the routes to an address or prefix, over a connection that can change nothing. */
export async function explainRoutes(
  bird: BirdConnection,
  { to, protocols }: { readonly to: IpAddress | Prefix; readonly protocols: readonly string[] },
  signal: AbortSignal | undefined,
): Promise<RouteAnswers> {
  const family = to.includes(':') ? 'ipv6' : 'ipv4';
  const show = `show route table ${mainTables[family]}`;
  const ask = (question: string) => bird.ask(question, signal);
  const accepted = linesOf(await ask(`${show} for ${to} all`));
  // BIRD finds no network by `for` that has only refused routes.
  const refused = linesOf(await ask(`${show} filtered all where ${to} ~ net`));
  const network = parsePrefix(parseRoutes(accepted)[0]?.network ?? '');
  // Of a protocol that is down BIRD says that it exports nothing.
  const running = parseProtocols(await ask('show protocols'));
  const up = new Set(running.filter(({ state }) => state === 'up').map(({ name }) => name));
  const exports = new Map<string, boolean | undefined>();
  for (const name of network ? protocols : []) {
    const question = `${show} ${network} export ${symbol(name)}`;
    exports.set(name, up.has(name) ? isExported(await ask(question)) : undefined);
  }
  return { accepted, refused, exports, roas: roasIn(await ask(`show route table ${roaTables[family]}`)) };
}

/** Undefined where the protocol has no such channel. */
function isExported(reply: Reply): boolean | undefined {
  if (reply.code === '8001') return false;
  return reply.code === '0000' ? parseRoutes(linesOf(reply)).length > 0 : undefined;
}

/** `172.20.0.0/24-28 AS4242420000  [moenet_rpki_a 05:48:09.746] * (100)`; undefined where BIRD has no such table. */
function roasIn({ code, lines }: Reply): Roa[] | undefined {
  if (code === '8001') return [];
  if (code !== '0000') return undefined;
  return lines.flatMap(({ text }) => {
    const [, network = '', maxLength, asn] = /^(\S+\/\d+)-(\d+) AS(\d+)\s/.exec(text.trimStart()) ?? [];
    const prefix = parsePrefix(network);
    return prefix ? [{ prefix, maxLength: Number(maxLength), asn: Number(asn) }] : [];
  });
}
