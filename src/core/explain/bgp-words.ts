/** What a BGP state means (RFC 4271, section 8.2.2), for people. */
export function stateWords(state: string): string {
  return states[state.toLowerCase()] ?? 'BIRD does not run it as a BGP session';
}

const states: Readonly<Record<string, string>> = {
  established: 'the session is up',
  idle: 'BIRD waits before it tries again, or for the interface',
  connect: 'BIRD opens a TCP connection to the neighbor (port 179); no answer yet',
  active: 'BIRD waits for the neighbor, and dials again in some seconds',
  opensent: 'the TCP connection is there; the neighbor has not said who it is yet',
  openconfirm: 'both have said who they are; the confirmation is missing',
  close: 'the session has ended; BIRD tries again in some seconds',
  down: 'the protocol is disabled',
  start: 'BIRD waits for the interface or the address',
  'not running': 'BIRD does not have the protocol',
};

/** BIRD's last error of a BGP session in words; undefined where the agent knows none for it. */
export function errorWords(lastError: string): string | undefined {
  return errors.find(([pattern]) => pattern.test(lastError))?.[1];
}

// `Socket:` is the kernel's word on the TCP connection, `Received:` the neighbor's notification, `BGP Error:` what BIRD told the
// neighbor (proto/bgp/packets.c, bgp.c); RFC 4271 section 4.5, RFC 4486, RFC 9234.
const errors: readonly (readonly [RegExp, string])[] = [
  [
    /^Socket: Connection refused/,
    "the neighbor's host answers, but no BGP daemon there listens for this address, or its firewall rejects TCP port 179",
  ],
  [
    /^Socket: (?:Connection timed out|Timeout)/,
    "nothing answers at the neighbor's address: its tunnel or address is missing, or its firewall drops TCP port 179",
  ],
  [
    /^Socket: (?:Connection reset|Connection closed|Broken pipe)/,
    'the neighbor closed the TCP connection: its daemon restarts, or does not know this session',
  ],
  [
    /^Socket: (?:No route to host|Host is unreachable|Network is unreachable)/,
    "this node has no way to the neighbor's address: the tunnel is down, or the neighbor does not answer on it",
  ],
  [
    /^Socket: (?:Cannot assign requested address)/,
    'this node does not have the address that it is to speak from',
  ],
  [/^Received: Bad peer AS/, 'the neighbor expects another AS number of us'],
  [/^BGP Error: Bad peer AS/, 'the neighbor says another AS number than the session has'],
  [/^(?:Received|BGP Error): .*[Rr]ole/, 'the BGP roles of the two ends do not fit (RFC 9234)'],
  [
    /^Received: (?:Connection rejected|Peer de-?configured)/,
    'the neighbor refuses the session: it is not, or no longer, configured there',
  ],
  [/^Received: Administrative shutdown/, 'the neighbor has shut the session down'],
  [/^Received: Administrative reset/, 'the neighbor has reset the session; it comes back by itself'],
  [
    /^Received: (?:Other )?[Cc]onfiguration change/,
    'the neighbor has changed its configuration; the session comes back by itself',
  ],
  [/^Received: Maximum number of prefixes/, 'we announce more routes than the neighbor accepts'],
  [
    /^Received: Connection collision/,
    'both ends dialled at once; one of the two connections was closed, which is no fault',
  ],
  [/^Received: Out of [Rr]esources/, "the neighbor's daemon has too little memory"],
  [/^Received: (?:Unacceptable|Invalid) hold time/i, 'the neighbor does not accept our hold time'],
  [
    /^Received: .*(?:[Uu]nsupported|[Rr]equired) (?:optional parameter|capabilit)/,
    'the neighbor does not know a capability that one end needs',
  ],
  [
    /^Received: Hold timer expired/,
    'the neighbor heard nothing of us for its hold time: packets from here to there are lost',
  ],
  [
    /^(?:BGP Error|Error): Hold timer expired/,
    'this node heard nothing of the neighbor for the hold time: packets from there to here are lost',
  ],
  [/^Received: Cease/, 'the neighbor ended the session without a reason'],
  [/Bad BGP identifier/, 'both ends have the same router id, or one has none'],
  [/(?:Kernel MD5 auth failed|MD5)/, 'the password (TCP-MD5) cannot be used'],
  [/Neighbor lost|Link down/, 'the tunnel interface went down'],
  [/BFD session down/, 'BFD got no answer of the neighbor for five seconds'],
  [/No listening socket/, 'BIRD cannot listen on TCP port 179: another program has it'],
  [/Route limit exceeded/, 'a limit of routes shut the session down'],
  [/Invalid next hop/, "the neighbor's next hop is not on the tunnel"],
  [/Graceful restart/, "the neighbor's daemon restarts and asked to keep its routes meanwhile"],
];
