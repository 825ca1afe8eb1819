import type { RunningBird } from './running-bird.js';

/** A route that another operator's router announces. */
export interface Announcement {
  readonly prefix: string;
  /** The ASNs behind the router's own, the origin last. */
  readonly path?: readonly number[];
  readonly communities?: readonly string[];
  readonly largeCommunities?: readonly string[];
  /** What else BIRD's filter language says of it. */
  readonly statements?: string;
}

/** The BIRD of another operator, written by hand: no code of ours knows of it. */
export interface Outside {
  readonly number: number;
  readonly as: number;
  readonly announces: readonly Announcement[];
  /** Statements of its BGP protocol besides the usual. */
  readonly also?: string;
}

/** Its `bird.conf`. Its end of the link is `to_node`; the node has fe80::998. */
export function outsideConfig({ number, as, announces, also = '' }: Outside): string {
  const routes = (isOf: (prefix: string) => boolean) =>
    announces.filter(({ prefix }) => isOf(prefix)).map(staticRoute);
  return `
    router id 192.0.2.${number};
    protocol device { }
    protocol static { ipv4; ${routes((prefix) => !prefix.includes(':')).join('\n')} }
    protocol static { ipv6; ${routes((prefix) => prefix.includes(':')).join('\n')} }
    protocol bgp node {
      local as ${as};
      neighbor fe80::998%'to_node' as 4242420998;
      connect delay time 1;
      connect retry time 2;
      ${also}
      ipv4 { extended next hop; import all; export where source = RTS_STATIC; };
      ipv6 { import all; export where source = RTS_STATIC; };
    }
  `;
}

function staticRoute(announcement: Announcement): string {
  const { prefix, path = [], communities = [], largeCommunities = [] } = announcement;
  const statements = [
    ...path.toReversed().map((as) => `bgp_path.prepend(${as});`),
    ...communities.map((community) => `bgp_community.add(${community});`),
    ...largeCommunities.map((community) => `bgp_large_community.add(${community});`),
    announcement.statements ?? '',
  ];
  return `route ${prefix} unreachable { ${statements.join(' ')} };`;
}

/** What a BIRD knows of one route: the first that `show route <query> all` prints. */
export interface RouteDetails {
  readonly communities: readonly string[];
  readonly largeCommunities: readonly string[];
  readonly localPreference: number | undefined;
}

/** `query` is a network and what may follow it in `show route`. Throws where there is no such route. */
export async function routeDetails(bird: RunningBird, query: string): Promise<RouteDetails> {
  const answer = await bird.ask(`show route ${query} all`);
  if (!/^\S+\/\d+\s/m.test(answer)) throw new Error(`no route ${query}: ${answer}`);
  const preference = /local_pref: (\d+)/.exec(answer)?.[1];
  return {
    communities: listIn(/(?:BGP\.|bgp_)community: (.*)/.exec(answer)),
    largeCommunities: listIn(/large_community: (.*)/.exec(answer)),
    localPreference: preference === undefined ? undefined : Number(preference),
  };
}

function listIn(line: RegExpExecArray | null): string[] {
  return Array.from((line?.[1] ?? '').matchAll(/\(([^)]*)\)/g), ([, values = '']) =>
    values.replaceAll(' ', ''),
  );
}
