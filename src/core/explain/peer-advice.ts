import { refusedReason } from '../lookups/refused-reasons.js';
import type { BgpLacks } from '../verdict/bgp-lacks.js';
import type { PeerAdvice, RefusedGroup } from './explanation.js';
import type { Handshake } from './tunnel-facts.js';

/** What this node sees of a peer, for the rules on what the peer probably has to change. */
export interface Symptoms {
  readonly handshake: Handshake;
  /** Where this node dials; undefined where it waits for the peer. */
  readonly endpoint: string | undefined;
  /** The name in the session's endpoint, where DNS does not have it. */
  readonly unresolved: string | undefined;
  readonly listenPort: number;
  readonly ourKey: string | undefined;
  /** The peer's public key by the session's row. */
  readonly theirKey: string;
  readonly hasPresharedKey: boolean;
  readonly ourAsn: number | undefined;
  readonly theirAsn: number;
  /** The neighbor's address that BGP uses, and ours that it is to speak with. */
  readonly neighbor: string | undefined;
  readonly ourAddress: string | undefined;
  readonly isEstablished: boolean;
  readonly isDisabled: boolean;
  readonly lastError: string | undefined;
  /** Share of pings that were lost; undefined where none was sent. */
  readonly pingLoss: number | undefined;
  readonly hasPassword: boolean;
  readonly isPassive: boolean;
  readonly lacks: BgpLacks;
  readonly lacksGracefulRestart: boolean;
  readonly refused: readonly RefusedGroup[];
  readonly hitReceiveLimit: boolean;
}

interface Rule {
  when(seen: Symptoms): boolean;
  readonly symptom: string | ((seen: Symptoms) => string);
  readonly advice: (seen: Symptoms) => string;
}

const isDown = (seen: Symptoms) => seen.handshake === 'fresh' && !seen.isEstablished && !seen.isDisabled;
const says = (seen: Symptoms, pattern: RegExp) => isDown(seen) && pattern.test(seen.lastError ?? '');
const us = ({ ourAsn, ourAddress }: Symptoms) => `${ourAddress ?? 'our address'} as ${ourAsn ?? 'our AS'}`;
const psk = ({ hasPresharedKey }: Symptoms) =>
  hasPresharedKey ? 'has the preshared key of this session' : 'has no preshared key for us';
const key = ({ ourKey }: Symptoms) =>
  ourKey === undefined ? "this node's public key" : `the public key ${ourKey}`;
// An error that says only why the session before ended counts as none: nothing was heard since.
const silence =
  /^$|^Socket: (?:Connection timed out|Timeout|No route|Host is|Network is)|^Received: (?:(?:Other )?configuration change|Administrative reset|Connection collision)/i;
const isSilent = (seen: Symptoms) => says(seen, silence);
const answers = ({ pingLoss }: Symptoms) =>
  pingLoss === undefined ? 'the tunnel works' : 'the neighbor answers pings';

/** The first rules that fit explain the later ones, so their order counts: tunnel, TCP, BGP, routes. */
const rules: readonly Rule[] = [
  {
    when: ({ unresolved }) => unresolved !== undefined,
    symptom: ({ unresolved, handshake }) =>
      `the name ${unresolved} of the session's endpoint does not resolve${handshake === 'never' ? ', so this node cannot dial the peer' : ''}`,
    advice: ({ unresolved }) =>
      `correct the endpoint in the session's row, or the DNS record of ${unresolved}; the agent asks again at each pass, and until then the tunnel keeps the address that it has`,
  },
  {
    when: ({ handshake, endpoint, unresolved }) =>
      handshake === 'never' && endpoint !== undefined && unresolved === undefined,
    symptom: ({ endpoint }) =>
      `${endpoint} answers no WireGuard handshake: it is down, a firewall is in the way, or a key is wrong at one end`,
    advice: (seen) =>
      `check that WireGuard runs there and listens on that UDP port, that the firewall lets it in, that its public key is ${seen.theirKey} as in the session's row, and that its peer with ${key(seen)} is there and ${psk(seen)}`,
  },
  {
    when: ({ handshake, endpoint }) => handshake === 'never' && endpoint === undefined,
    symptom: 'the session has no endpoint, and the peer has not dialled this node',
    advice: ({ listenPort }) =>
      `set "Endpoint = <this node>:${listenPort}" and "PersistentKeepalive = 25" there, or enter an endpoint for the session`,
  },
  {
    when: ({ handshake }) => handshake === 'stale',
    symptom: 'the tunnel worked before, and WireGuard gets no answer any more',
    advice: ({ endpoint }) =>
      `check that the host and its WireGuard run${endpoint === undefined ? ', and that it still dials this node' : `, and that ${endpoint} is still its address`}`,
  },
  {
    when: (seen) => says(seen, /^Socket: Connection refused/),
    symptom: "the neighbor's host refuses TCP connections to port 179",
    advice: (seen) =>
      `start the BGP daemon there, configure the neighbor ${us(seen)} on its tunnel interface, and let TCP port 179 in`,
  },
  {
    when: (seen) => isSilent(seen) && seen.pingLoss === 1,
    symptom: ({ neighbor }) => `the tunnel works, but ${neighbor} answers neither pings nor BGP`,
    advice: ({ neighbor }) =>
      `give the tunnel interface there the address ${neighbor}, and let ICMPv6 and TCP port 179 in on it`,
  },
  {
    when: (seen) => isSilent(seen) && seen.pingLoss !== 1 && seen.hasPassword,
    symptom: (seen) => `${answers(seen)}, but nobody answers BGP, and the session has a password`,
    advice: () => 'check that both ends have the same password (TCP-MD5): a wrong one looks like silence',
  },
  {
    when: (seen) => isSilent(seen) && seen.pingLoss !== 1 && !seen.hasPassword,
    symptom: (seen) =>
      `${answers(seen)}, but nobody answers BGP: TCP port 179 is closed there, or only the neighbor has a password`,
    advice: (seen) =>
      `let TCP port 179 in on the tunnel interface, take the password (TCP-MD5) out there or enter it for the session, and check that the session with ${us(seen)} is enabled`,
  },
  {
    when: (seen) => isSilent(seen) && seen.isPassive,
    symptom: 'the session is passive here',
    advice: (seen) => `the neighbor must open the connection: take "passive" out there, neighbor ${us(seen)}`,
  },
  {
    when: (seen) => says(seen, /^BGP Error: Bad peer AS/),
    symptom: ({ theirAsn }) => `the neighbor calls itself by another AS number than AS${theirAsn}`,
    advice: ({ theirAsn }) =>
      `set AS${theirAsn} as its own AS number of the session there, or correct the AS number in the session's row`,
  },
  {
    when: (seen) => says(seen, /^Received: Bad peer AS/),
    symptom: ({ ourAsn }) => `the neighbor expects another AS number of us than AS${ourAsn}`,
    advice: ({ ourAsn }) => `configure us as AS${ourAsn} there`,
  },
  {
    when: (seen) => says(seen, /[Rr]ole/),
    symptom: 'the BGP roles of the two ends do not fit (RFC 9234)',
    advice: () =>
      'set the role there that fits the policy of this session (peer with peer, customer with provider), or none',
  },
  {
    when: (seen) =>
      says(seen, /^Received: (?:Administrative shutdown|Connection rejected|Peer de-?configured)/),
    symptom: ({ lastError }) => `the neighbor refuses the session: ${lastError}`,
    advice: (seen) => `enable or configure the session with ${us(seen)} there`,
  },
  {
    when: (seen) => says(seen, /^Received: Maximum number of prefixes/),
    symptom: 'the neighbor takes fewer routes than this node sends',
    advice: () => 'raise the limit of prefixes there, or lower exportLimit of the session here',
  },
  {
    when: (seen) => says(seen, /Hold timer expired/),
    symptom: 'the session ends because packets get lost on the way',
    advice: () => 'check the MTU of the tunnel at both ends, and the loss on the path',
  },
  {
    when: (seen) => says(seen, /MD5/),
    symptom: 'the password (TCP-MD5) does not work',
    advice: () => 'check that both ends have the same password, or none',
  },
  {
    when: ({ lacks }) => lacks.families.length > 0,
    symptom: ({ lacks }) => `the neighbor does not offer ${lacks.families.join(' and ')} routes`,
    advice: ({ lacks }) => `add the ${lacks.families.join(' and ')} channel to the session there`,
  },
  {
    when: ({ lacks }) => lacks.extendedNextHop,
    symptom: 'the neighbor does not offer an extended next hop for IPv4 (RFC 8950)',
    advice: () =>
      'add "extended next hop on;" to the ipv4 channel (BIRD) or "capability extended-nexthop" to the neighbor (FRR), or use IPv4 addresses on the tunnel',
  },
  {
    when: ({ hitReceiveLimit }) => hitReceiveLimit,
    symptom: 'the neighbor sends more routes than the limit',
    advice: () => 'announce fewer: a full table of DN42 has some thousand routes',
  },
  {
    when: ({ lacksGracefulRestart }) => lacksGracefulRestart,
    symptom: 'the neighbor does not offer graceful restart (RFC 4724)',
    advice: () => 'switch it on there, so that a restart of BIRD loses no route',
  },
];

/** What probably has to change at the peer, or in the session's row, the most likely first; empty where nothing suggests it. */
export function peerAdvice(seen: Symptoms): PeerAdvice[] {
  const found = rules
    .filter((rule) => rule.when(seen))
    .map(({ symptom, advice }) => ({
      symptom: typeof symptom === 'string' ? symptom : symptom(seen),
      advice: advice(seen),
    }));
  return [...found, ...seen.refused.flatMap(refusedAdvice)];
}

function refusedAdvice({ reason, count }: RefusedGroup): PeerAdvice[] {
  const { words, advice } = refusedReason(reason);
  if (advice === undefined) return [];
  return [{ symptom: `${count} ${count === 1 ? 'route is' : 'routes are'} refused: ${words}`, advice }];
}
