import {
  type External,
  neighborsOf,
  ourAs,
  ourPart,
  type Topology,
} from '../../../unit/topologies/topology.js';

const marks = { customer: 1, peer: 2, provider: 3, partner: 4 } as const;
const preferences = { customer: 200, peer: 150, provider: 100, partner: 100 } as const;

/** The `bird.conf` of an external, written by hand: no code of ours knows of it. It has the interfaces `to_node` and `to_<number>`. */
export function externalConfig(external: External, topology: Topology): string {
  const { as, number, prefix, hijacks } = external;
  const neighbors = [...neighborsOf(external, topology)];
  return `
    router id 192.0.2.${number};
    protocol device { }
    protocol static { ipv4; ${[prefix, ...(hijacks ? [ourPart] : [])].map((each) => `route ${each} unreachable;`).join(' ')} }
    ${neighbors.map(([to, relation]) => filtersOf(external, to, relation)).join('')}
    ${neighbors
      .map(([to]) => {
        const there = topology.externals.find((each) => each.as === to)?.number;
        const neighbor = to === ourAs ? "fe80::998%'to_node'" : `fe80::${there}%'to_${there}'`;
        return `
    protocol bgp x_${to} {
      local as ${as};
      neighbor ${neighbor} as ${to};
      connect delay time 1;
      connect retry time 2;
      error wait time 1, 2;
      ipv4 { extended next hop; import filter in_${to}; export filter out_${to}; };
    }`;
      })
      .join('')}
  `;
}

function filtersOf({ as, leaks }: External, to: number, relation: keyof typeof marks): string {
  const isForAll = leaks || relation === 'customer' || relation === 'partner';
  return `
    filter in_${to} {
      bgp_large_community.delete([(${as}, *, *)]);
      bgp_large_community.add((${as}, 1, ${marks[relation]}));
      bgp_local_pref = ${preferences[relation]};
      accept;
    }
    filter out_${to} {
      if source = RTS_STATIC then accept;
      if source != RTS_BGP then reject;
      ${isForAll ? 'accept;' : `if (${as}, 1, ${marks.customer}) ~ bgp_large_community then accept; reject;`}
    }`;
}
