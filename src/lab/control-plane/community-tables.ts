/** Names in the order of their numbers, the first with the number `from`. */
type Names = Readonly<{ from: number; names: string }>;

const dn42: Readonly<Record<string, Names>> = {
  latency: { from: 1, names: 'tier0 tier1 tier2 tier3 tier4 tier5 tier6 tier7 tier8' },
  // The control plane's own order.
  bandwidth: { from: 21, names: '100m_plus 10g_plus 1g_plus 100k_plus 10m_plus' },
  crypto: { from: 31, names: 'none unsafe encrypted latency' },
  region: { from: 41, names: 'eu na_e na_c na_w ca sa af as_s as_se as_e oc me as_n' },
};

const large: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
  origin: { as: [1, 100], na: [1, 200], eu: [1, 300], oc: [1, 400] },
  subregion: {
    as_e: [2, 101],
    as_se: [2, 102],
    as_s: [2, 103],
    as_n: [2, 104],
    na_e: [2, 201],
    na_c: [2, 202],
    na_w: [2, 203],
    eu_w: [2, 301],
    eu_c: [2, 302],
    oc: [2, 401],
  },
  bandwidth: {
    '10g': [5, 10_000],
    '5g': [5, 5000],
    '2g': [5, 2000],
    '1g': [5, 1000],
    '500m': [5, 500],
    '200m': [5, 200],
    '100m': [5, 100],
    '50m': [5, 50],
    '10m': [5, 10],
  },
};

type Tables = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

/** The policy's table of DN42's communities, as a control plane sends it. */
export function communityTables(): Tables {
  return mapValues(dn42, ({ from, names }) =>
    Object.fromEntries(names.split(' ').map((name, index) => [name, [64_511, from + index]])),
  );
}

/** The policy's table of large communities, which are the network's own. */
export function largeCommunityTables(asn: number): Tables {
  return mapValues(large, (group) => mapValues(group, (values) => [asn, ...values]));
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
