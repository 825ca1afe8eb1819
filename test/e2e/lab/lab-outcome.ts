/** What `lab --json` prints, as far as it is looked at. */
export interface Result {
  readonly dialect: string;
  readonly bird: readonly string[];
  readonly frr: readonly string[];
  readonly sessions: readonly {
    readonly daemon: string;
    readonly recoveries: readonly { readonly fault: string; readonly afterMs?: number }[];
  }[];
  readonly ok: boolean;
  readonly missing: readonly string[];
  readonly peers: readonly unknown[];
  readonly steps: readonly { readonly name: string; readonly ok: boolean }[];
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly seen?: string }[];
}

/** What is shown, in this order. */
export const allSteps = [
  'add a session',
  'delete a session',
  'refuse one session of two',
  'disable a session by hand',
  'enable the session again',
  'delete both sessions',
  'refuse a hostile peer',
  'delete the hostile session',
  'change the whole policy',
  'cut a node off by a policy',
  'send that policy again',
  'put the policy right',
  'change an endpoint',
  'edit a session',
  'edit its preshared key',
  'delete a tunnel by hand',
  'delete another tunnel by hand',
  'set a wrong MTU by hand',
  'remove an address by hand',
  "switch off BIRD's kernel protocol by hand",
  'maintenance on',
  'maintenance off',
  'change the dialect in flight',
];

interface Peer {
  /** Our address, where the row names one. */
  readonly hasOurs?: true;
  readonly asn: number;
  readonly node: string;
  readonly policy: string;
  /** What it announces: prefixes, and what must become of them. */
  readonly announces: readonly (readonly [what: string, became: string, ...prefixes: string[]])[];
  readonly sent: Readonly<Record<string, number>>;
}

const leak = [
  'a leak',
  'refused: not originated by the neighbor',
  '172.23.8.0/24',
  'fd42:3999::/48',
] as const;
const transit = ['transit', 'accepted', '172.23.8.0/24', 'fd42:3999::/48'] as const;
const own = (number: number) =>
  ['its own', 'accepted', `172.20.${number - 984}.0/26`, `fd42:4242:${number}::/48`] as const;

/** The peers of the usual lab, written down by hand: the policy table of docs/interface.md, applied. */
const peers: readonly Peer[] = [
  {
    asn: 4242421000,
    hasOurs: true,
    node: 'jp1',
    policy: 'full',
    announces: [
      own(1000),
      ['transit', 'accepted', '172.21.16.0/26', 'fd42:4242:3000::/48'],
      ['not DN42', 'refused: not of DN42', '192.0.2.0/24', '2001:db8:42::/48'],
      ['ours', 'refused: our own prefix', '172.22.188.48/28', 'fd00:4242:7777:ffff::/64'],
    ],
    sent: { ours: 2, upstream: 4, peer: 4, downstream: 6 },
  },
  {
    asn: 4242421001,
    node: 'de1',
    policy: 'peer',
    announces: [own(1001), leak],
    sent: { ours: 2, upstream: 4 },
  },
  {
    asn: 4242421002,
    node: 'us1',
    policy: 'upstream',
    announces: [
      own(1002),
      ['transit', 'accepted', '172.21.18.0/26', 'fd42:4242:3002::/48'],
      ['a leak', 'refused: not originated by the neighbor', '172.21.66.0/26', 'fd42:3666::/48'],
      ['a hijack', 'refused: RPKI-invalid', '172.21.77.0/26', 'fd42:3777::/48'],
    ],
    sent: { ours: 2, full: 4, peer: 4, downstream: 6 },
  },
  {
    asn: 4242421003,
    hasOurs: true,
    node: 'jp1',
    policy: 'downstream',
    announces: [own(1003), transit],
    sent: { ours: 2, upstream: 4 },
  },
  {
    asn: 4242421004,
    hasOurs: true,
    node: 'de1',
    policy: 'peer',
    announces: [own(1004)],
    sent: { ours: 2, upstream: 4 },
  },
  {
    asn: 4242421005,
    node: 'us1',
    policy: 'downstream',
    announces: [own(1005), transit],
    sent: { ours: 2, upstream: 4 },
  },
];

/** How each peer must be treated. */
export const allTreatments = peers.map(({ asn, node, policy, announces, sent }) => ({
  peer: `AS${asn}`,
  node,
  policy,
  announced: announces.map(([what, became, ...prefixes]) => ({ what, prefixes, became })),
  sent,
}));

/** What the peers run, in their order. */
export const allDaemons = ['BIRD', 'BIRD', 'FRR', 'BIRD', 'BIRD', 'BIRD'];

const nodes = ['jp1', 'de1', 'us1'];
const reflector = 'de1';

/** The names of the usual lab's checks where its control plane speaks the moenet-core dialect, in their order. */
export const allChecks = [
  ...peers.flatMap(peerChecks),
  'policy: our own routes reach downstream',
  'policy: from downstream does not go to downstream',
  'policy: from full does not go to downstream',
  'policy: from peer does not go to downstream',
  'policy: from upstream goes to downstream',
  'policy: our own routes reach full',
  'policy: from downstream goes to full',
  'policy: from peer goes to full',
  'policy: from upstream goes to full',
  'policy: our own routes reach peer',
  'policy: from downstream does not go to peer',
  'policy: from full does not go to peer',
  'policy: from peer does not go to peer',
  'policy: from upstream goes to peer',
  'policy: our own routes reach upstream',
  'policy: from downstream goes to upstream',
  'policy: from full goes to upstream',
  'policy: from peer goes to upstream',
  ...peers.flatMap(({ asn, node }) =>
    nodes
      .filter((other) => other !== node)
      .map((other) => `${other}: reaches AS${asn} through ${node}, over the mesh, there and back`),
  ),
  'AS4242421000 at jp1 reaches AS4242421002 at us1 through our network',
  'AS4242421001 at de1 reaches AS4242421002 at us1 through our network',
  'AS4242421002 at us1 reaches AS4242421003 at jp1 through our network',
  'AS4242421002 at us1 reaches AS4242421004 at de1 through our network',
  'jp1 ↔ AS4242421006: set up, then deleted without a trace',
  'jp1 ↔ AS4242421012: refused, then deleted without a trace',
  'de1 ↔ AS4242421007: not configured, for its status is pending review',
  'de1 ↔ AS4242421013: not configured, for its status is teardown',
  'us1 ↔ AS4242421014: not configured, for its status is rejected',
  ...nodes.flatMap(nodeChecks),
  "us1 ↔ AS4242421008: refused with BIRD's own words",
  'us1 ↔ AS4242421008: BIRD reads no file of it',
  'us1 ↔ AS4242421008: the session with AS4242421011 on the same list came up',
  'us1 ↔ AS4242421011: a session disabled by hand stays disabled',
  "jp1 ↔ AS4242421012: refused, because its address is the control plane's",
  "jp1 ↔ AS4242421012: no interface has the control plane's address",
  'jp1 ↔ AS4242421012: it has neither a tunnel nor a BGP protocol',
  'jp1 ↔ AS4242421012: the routes to the control plane did not change',
  'jp1 ↔ AS4242421012: the node kept talking to the control plane',
  'jp1 ↔ AS4242421012: it got no packet through a tunnel, and so no token',
  'us1: undid in time a policy that cut it off',
  'us1: BIRD runs its configuration from before that policy',
  "us1: BIRD's files are as before that policy",
  'us1: no BGP session went down with that policy',
  'us1: status says why the agent undid that policy',
  'us1: a policy that was undone is not tried again while it is the same',
  'every session has the status that it had in the other dialect',
];

function peerChecks({ asn, node, policy, announces, hasOurs }: Peer): string[] {
  return [
    "the node uses the peer's routes",
    "the peer uses the node's routes",
    'ping over the tunnel',
    'ping from loopback to loopback',
    'listens on the port that the peer was told',
    ...(hasOurs ? ['the peer reaches our address in the row'] : []),
    'the interface carries the mark',
    ...announces.map(([what, became]) => `${what} ${became}`),
    `sent all that policy ${policy} lets out, and no more`,
    'our own routes carry region, bandwidth and crypto',
    'its routes get latency, bandwidth and crypto of the link',
    'modify posted active once for each time that it was queued',
    'reports are right',
    'posts the observed endpoint when it changes',
  ].map((check) => `${node} ↔ AS${asn}: ${check}`);
}

function nodeChecks(node: string): string[] {
  const others = nodes.filter((other) => other !== node);
  const neighbors = node === reflector ? others : [reflector];
  const reflected = others.filter((other) => !neighbors.includes(other));
  return [
    ...others.flatMap((other) => [
      `mesh tunnel to ${other}`,
      `Babel route to the loopback of ${other}`,
      `ping to the loopback of ${other}`,
    ]),
    ...neighbors.map((other) => `iBGP with ${other}`),
    ...reflected.map((other) => `the routes of ${other} by the route reflector alone`),
    'heartbeats are right',
    'every request was accepted',
    'fewer than 300 requests a minute',
    'a copy of the previous bird.conf is kept',
    'only root can read private files',
    'no secret in the log',
    'the status command says healthy',
    'detected the dialect by itself',
    'every post was accepted',
    'posts what only moenet-core asks for',
    ...(node === 'jp1' ? ["BIRD's socket found, although the control plane names another"] : []),
  ].map((check) => `${node}: ${check}`);
}
