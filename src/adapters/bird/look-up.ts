import type { CommunityQuestion } from '../../core/lookups/community-counts.js';
import { mainTables } from '../../core/model/names.js';
import type { RouteTables } from '../../shell/ports/bird.js';
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
  };
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

/** The reply's text without its codes. */
function linesOf(reply: Reply): string[] {
  // 8001 Network not found
  if (reply.code === '8001') return [];
  if (reply.code !== '0000') throw new Error(`show route: BIRD says ${reply.code} ${reply.text}`);
  return reply.lines.slice(0, -1).map(({ text }) => text);
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
