import { roaTables } from '../../core/model/names.js';
import { formatRoa, mostRoas, type Roas, sortRoas } from '../../core/model/saved-roas.js';
import type { Family } from '../../core/model/values/family.js';
import type { Reply } from './socket/reply.js';
import type { BirdConnection, BirdSocketOptions } from './socket/socket.js';
import { withBird } from './socket/with-bird.js';

/**
 * The ROAs that BIRD has of these RPKI protocols. Throws where BIRD does not answer, has no such protocol, has too many, or says
 * anything that is no ROA: half a table must not stand for the whole.
 */
export function readRoas(
  options: BirdSocketOptions,
  protocols: readonly string[],
  signal?: AbortSignal,
): Promise<Roas> {
  return withBird(options, signal, async (bird) => ({
    ipv4: await readTable(bird, 'ipv4', protocols, signal),
    ipv6: await readTable(bird, 'ipv6', protocols, signal),
  }));
}

async function readTable(
  bird: BirdConnection,
  family: Family,
  protocols: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const roas: string[] = [];
  for (const name of protocols) {
    if (!/^\w{1,64}$/.test(name))
      throw new Error(`${JSON.stringify(name)} is no RPKI protocol of the agent's`);
    const command = `show route table ${roaTables[family]} protocol ${name}`;
    roas.push(...parseRoas(await bird.ask(command, signal), family));
  }
  if (roas.length > mostRoas)
    throw new Error(`BIRD has ${roas.length} ROAs; more than ${mostRoas} are not saved`);
  return sortRoas(roas);
}

// `172.20.0.0/24-28 AS4242420000  [moenet_rpki_a 05:48:09.746] * (100)`, after a line `Table moenet_roa4:`.
const roaPattern = /^(\S+\/\d+)-(\d+) AS(\d+)\s/;

/** Reads the reply to `show route table ... protocol ...`. */
export function parseRoas({ code, text, lines }: Reply, family: Family): string[] {
  // 8001 Network not found
  if (code !== '0000' && code !== '8001') throw new Error(`show route: BIRD says ${code} ${text}`);
  const rows = lines.filter((line) => line.code === '1007' && !line.text.startsWith('Table '));
  return rows.map(({ text: row }) => {
    const [, network = '', maxLength = '', asn = ''] = roaPattern.exec(row.trimStart()) ?? [];
    const roa = formatRoa(family, network, maxLength, asn);
    if (roa === undefined)
      throw new Error(`BIRD's table of ROAs has the row ${JSON.stringify(row.slice(0, 120))}`);
    return roa;
  });
}
