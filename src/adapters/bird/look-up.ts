import { parseRoutes } from '../../core/lookups/bird-routes.js';
import type { CommunityQuestion } from '../../core/lookups/community-counts.js';
import { refusedMark, refusedNumber, refusedNumbers } from '../../core/lookups/refused-reasons.js';
import { mainTables } from '../../core/model/names.js';
import type { RefusedRoutes, RouteTables } from '../../shell/ports/bird.js';
import { explainRoutes } from './explain-routes.js';
import { linesOf, pattern, symbol } from './route-replies.js';
import type { Reply } from './socket/reply.js';
import type { BirdConnection, BirdSocketOptions } from './socket/socket.js';
import { withBird } from './socket/with-bird.js';

/**
 * Queries of `master4` and `master6`, each on its own connection that is restricted first (`restrict`, BIRD User's Guide,
 * "Remote control"): no question can change BIRD.
 */
export function openRouteTables(options: BirdSocketOptions): RouteTables {
  return {
    routes: (to, signal) =>
      restricted(options, signal, async (bird) => {
        const table = mainTables[to.includes(':') ? 'ipv6' : 'ipv4'];
        return linesOf(await bird.ask(`show route table ${table} for ${to} all`, signal));
      }),
    count: (questions, signal) =>
      restricted(options, signal, async (bird) => {
        const ask = async (filter: string) =>
          countOf(await bird.ask(`show route ${bothTables}${filter} count`, signal));
        const total = await ask('');
        const counts: number[] = [];
        for (const question of questions) counts.push(await ask(` where ${hasCommunity(question)}`));
        return { total, counts };
      }),
    protocol: (name, signal) =>
      restricted(options, signal, async (bird) => {
        const { code, lines, text } = await bird.ask(`show protocols all ${pattern(name)}`, signal);
        if (code === '8003') return [];
        if (code !== '0000') throw new Error(`show protocols: BIRD says ${code} ${text}`);
        return lines.filter((line) => line.code === '1006').map((line) => line.text);
      }),
    explain: (to, protocols, signal) =>
      restricted(options, signal, (bird) => explainRoutes(bird, { to, protocols }, signal)),
    refused: (protocol, asn, signal) =>
      restricted(options, signal, (bird) => refusedRoutes(bird, { protocol: symbol(protocol), asn }, signal)),
    countRefused: (asn, total, signal) =>
      restricted(options, signal, (bird) => countRefused(bird, { asn, total }, signal)),
  };
}

/** The most networks that are named of those refused for one reason. */
const mostExamples = 5;

async function refusedRoutes(
  bird: BirdConnection,
  { protocol, asn }: { readonly protocol: string; readonly asn: number },
  signal: AbortSignal | undefined,
): Promise<RefusedRoutes[]> {
  const found = new Map<number | undefined, string[]>();
  const add = (reason: number | undefined, networks: readonly string[]) =>
    networks.length > 0 && found.set(reason, [...(found.get(reason) ?? []), ...networks]);
  const mark = (last: string) => refusedFor(asn, last);
  for (const table of Object.values(mainTables)) {
    const ask = async (where: string) =>
      linesOf(await bird.ask(`show route table ${table} filtered protocol ${protocol} ${where}`, signal));
    const networks = async (where: string) =>
      parseRoutes(await ask(`where ${where}`)).map((route) => route.network);
    for (const reason of refusedNumbers) add(reason, await networks(mark(String(reason))));
    const last = Math.max(...refusedNumbers) + 1;
    for (const route of parseRoutes(await ask(`all where ${mark(`${last}..4294967295`)}`)))
      add(refusedNumber(asn, route.largeCommunities), [route.network]);
    add(undefined, await networks(`!(${mark('*')})`));
  }
  return [...found].map(([reason, networks]) => ({
    reason,
    count: networks.length,
    examples: networks.slice(0, mostExamples),
  }));
}

/** Each question walks through the tables, so it asks only as long as there are routes whose reason is not known. */
async function countRefused(
  bird: BirdConnection,
  { asn, total }: { readonly asn: number; readonly total: number },
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<number, number>> {
  const counts = new Map<number, number>();
  let left = total;
  for (const reason of refusedNumbers) {
    if (left <= 0) break;
    const where = `filtered where ${refusedFor(asn, String(reason))}`;
    const count = countOf(await bird.ask(`show route ${bothTables} ${where} count`, signal));
    counts.set(reason, count);
    left -= count;
  }
  return counts;
}

function refusedFor(asn: number, reasons: string): string {
  return `bgp_large_community ~ [(${asn}, ${refusedMark}, ${reasons})]`;
}

const bothTables = `table ${mainTables.ipv4} table ${mainTables.ipv6}`;

function restricted<T>(
  options: BirdSocketOptions,
  signal: AbortSignal | undefined,
  use: (bird: BirdConnection) => Promise<T>,
): Promise<T> {
  return withBird(options, signal, async (bird) => {
    const { code, text } = await bird.ask('restrict', signal);
    if (code !== '0016') throw new Error(`BIRD does not restrict the session: ${code} ${text}`);
    return use(bird);
  });
}

/** Standard communities have two parts (RFC 1997), large ones three (RFC 8092). */
function hasCommunity({ value }: CommunityQuestion): string {
  const attribute = value.length === 3 ? 'bgp_large_community' : 'bgp_community';
  return `(${value.join(', ')}) ~ ${attribute}`;
}

/** The sum over both tables: `5000 of 5001 routes for 5001 networks in table master4`. */
function countOf({ code, text, lines }: Reply): number {
  const counts = lines.flatMap((line) => /^(\d+) of \d+ routes .* in table /.exec(line.text)?.[1] ?? []);
  if (counts.length === 0) throw new Error(`show route count: BIRD says ${code} ${text}`);
  return counts.reduce((sum, count) => sum + Number(count), 0);
}
