import { z } from 'zod';
import { type InterfaceName, interfaceName } from '../core/model/values/interface-name.js';
import {
  type IpAddress,
  isLinkLocal,
  isUnicast,
  type Prefix,
  parseIp,
  parsePrefix,
} from '../core/model/values/ip.js';
import { hostNetwork } from '../core/model/values/network.js';
import { nftSet } from '../core/model/values/port-set.js';
import { operatorOptions } from './session-options.js';

/**
 * The error of a key whose value is not `what`. It shows the value, so do not use it for secrets; text for which `canShow`
 * is false (before an "@" in a URL there may be a password) is left out.
 */
function wanted(what: string, canShow: (text: string) => boolean = () => true) {
  return {
    error: ({ input }: { readonly input?: unknown }) => {
      if (input === undefined) return `missing: ${what} is needed`;
      return `${typeof input === 'string' && !canShow(input) ? 'this' : show(input)} is not ${what}`;
    },
  };
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.object(shape, wanted('an object'));
}

/** An element of a list: a misspelt key of it is an error, because nothing warns of one and the usual value would hold. */
function element<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const { error } = wanted('an object');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `unknown: ${issue.keys.join(', ')}` : error(issue),
  });
}

function choice<const Values extends readonly string[]>(...values: Values) {
  return z.enum(values, wanted(`one of ${values.map((value) => JSON.stringify(value)).join(', ')}`));
}

const pathError = wanted('a path');
// A NUL byte would end the path early in every system call.
const path = z.string(pathError).regex(/^[^\0]+$/, pathError);

const secondsError = wanted('a number of seconds from 0.2 to 86400');
const seconds = z.number(secondsError).min(0.2, secondsError).max(86_400, secondsError);

const perMinuteError = wanted('a whole number of requests from 1 to 100000');
const perMinute = z.int(perMinuteError).min(1, perMinuteError).max(100_000, perMinuteError);

const tableError = wanted(
  "the number of a routing table from 1 to 4294967295, other than 253 to 255, which are the machine's own",
);
const kernelTable = z
  .int(tableError)
  .min(1, tableError)
  .max(4_294_967_295, tableError)
  .refine((table) => table < 253 || table > 255, tableError);

const nftSetError = wanted('the family, table and name of an nft set, such as "inet filter moenet_ports"');
const portSet = z
  .string(nftSetError)
  .refine((text) => nftSet.safeParse(text).success, nftSetError)
  .transform((text) => nftSet.parse(text));

const asNumberError = wanted('an AS number from 1 to 4294967294');
const asNumber = z.int(asNumberError).min(1, asNumberError).max(4_294_967_294, asNumberError).brand<'Asn'>();

// A link-local one would need an interface with it.
const addressError = wanted('the IPv4 or IPv6 address of a host, not a link-local one');
const neighborAddress = z
  .string(addressError)
  .refine((text) => isHostAddress(text), addressError)
  .transform((text) => parseIp(text) as IpAddress);

function isHostAddress(text: string): boolean {
  const address = text.includes('/') ? undefined : parseIp(text);
  return address !== undefined && isUnicast(address) && !isLinkLocal(address);
}

const asNumbers = z.array(asNumber, wanted('a list of AS numbers'));

const networkError = wanted('an IPv4 or IPv6 address or prefix, such as 172.20.0.53 or fd42:1::/48');
const network = z
  .string(networkError)
  .refine((text) => toNetwork(text) !== undefined, networkError)
  .transform((text) => toNetwork(text) as Prefix);

const customer = element({
  asn: asNumber,
  asns: asNumbers.optional(),
  prefixes: z.array(network, wanted('a list of addresses and prefixes')).optional(),
});

const viaError = wanted('an address of a host or the name of an interface');
const via = z
  .string(viaError)
  .refine((text) => isHostAddress(text) || interfaceName.safeParse(text).success, viaError)
  .transform((text) => parseIp(text) ?? (text as InterfaceName));

const kinds = ['full', 'peer', 'upstream', 'downstream'] as const;
const announceTo = z.array(
  z.union([z.enum(kinds), asNumber], wanted('a policy or an AS number from 1 to 4294967294')),
  wanted('a list'),
);

const ownPrefixElement = element({
  prefix: network,
  via: via.optional(),
  announceTo: announceTo.default([...kinds]),
  originate: z.boolean(wanted('true or false')).default(true),
}).refine(({ prefix, via: hop }) => hop === undefined || isWayOf(prefix, hop), {
  error: 'the address is not of the family of the prefix',
  path: ['via'],
});
/** A prefix alone is one with the usual values. */
const ownPrefix = z.preprocess(
  (value) => (typeof value === 'string' ? { prefix: value } : value),
  ownPrefixElement,
);

/** An interface leads to both families. */
function isWayOf(prefix: Prefix, hop: string): boolean {
  return parseIp(hop) === undefined || hop.includes(':') === prefix.includes(':');
}

function toNetwork(text: string): Prefix | undefined {
  const address = text.includes('/') ? undefined : parseIp(text);
  return address === undefined ? parsePrefix(text) : hostNetwork(address);
}

// Names and values become part of BIRD's files.
const communityError = wanted('"wiki", or names with their values, such as {"1g_plus": [64511, 25]}');
const communityPart = z.int(communityError).min(0, communityError).max(65_535, communityError);
const communityGroup = z
  .union(
    [
      z.literal('wiki'),
      z.record(z.string().regex(/^[a-z0-9_]{1,40}$/), z.tuple([communityPart, communityPart])),
    ],
    communityError,
  )
  .optional();

const dialect = choice('auto', 'documented', 'moenet-core').default('auto');

// It becomes one segment of the request path (`/agent/:router/...`).
const nodeNameError = wanted('a node name: 1 to 63 letters, digits, ".", "_" or "-"');
const nodeName = z.string(nodeNameError).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, nodeNameError);

// RFC 9110, section 5.5: a header's value is visible ASCII. The value itself is never shown.
const tokenError = { error: 'not a token: text of printable characters without spaces is needed' };
export const token = z.string(tokenError).regex(/^[\x21-\x7e]{1,4096}$/, tokenError);

const apiUrlError = wanted('an http:// or https:// URL', (text) => !text.includes('@'));
const apiUrl = z
  .string(apiUrlError)
  .refine((text) => isHttpUrl(text), apiUrlError)
  // Credentials in a URL end up in logs, so the message must not show them either.
  .refine(
    (text) => !isHttpUrl(text) || !hasCredentials(text),
    'a URL without user name and password is needed',
  )
  .refine((text) => !/[?#]/.test(text), 'a URL without "?" and "#" is needed');

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function hasCredentials(text: string): boolean {
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}

const loopbackError = wanted('an interface name: 1 to 15 letters, digits, "_", "." or "-"');
// A tunnel must not be named `lo`, but loopback addresses go there on a kernel without dummy devices.
const loopbackInterface = z
  .string(loopbackError)
  .refine((name) => name === 'lo' || interfaceName.safeParse(name).success, loopbackError);

const listenError = wanted('an address to listen on: "host:port", ":port" or "[IPv6]:port"');
const listen = z
  .string(listenError)
  .refine((text) => Number(listenPattern.exec(text)?.groups?.['port'] ?? 65_536) <= 65_535, listenError);

/** `host:port`, `:port`, `[v6]:port`. */
export const listenPattern =
  /^(?:\[(?<v6>[0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|(?<host>[A-Za-z0-9_.-]*)):(?<port>\d{1,5})$/;

/**
 * A key with its meaning, for docs/configuration.md and moenet-agent.json(5), in Markdown. `usual`: what holds without the
 * key, where no default of the schema says so. It comes last: what is made of its result has no meaning of its own.
 */
function told<Schema extends z.ZodType>(schema: Schema, meaning: string, usual?: string): Schema {
  return schema.meta({ description: meaning, usual });
}

/**
 * The configuration file. Keys that `GET config` may bring have no default here, so that the merge knows
 * whether the file has them.
 */
export const configSchema = section({
  bootstrap: section({
    apiUrl: told(
      apiUrl,
      "the control plane's URL, `http` or `https`, with a path prefix if it has one; no user name, `?` or `#`",
      'required, or `$MOENET_CP_URL`',
    ),
    nodeName: told(nodeName, "this node's name at the control plane", 'required, or `$MOENET_NODE_NAME`'),
    token: told(
      token.optional(),
      "the node's token; without it and `bootstrap.tokenFile`, that of `$MOENET_CP_TOKEN`, or of the systemd credential `moenet-agent-token`",
    ),
    tokenFile: told(path.optional(), 'a file with the token'),
    dialect: told(
      dialect,
      '`auto` finds out at the first contact and remembers; `documented` or `moenet-core` fixes it',
    ),
  }),
  server: section({
    listen: told(
      listen.default('127.0.0.1:24368'),
      "where the node's HTTP API listens; `:24368` for all addresses, so that the control plane reaches it",
    ),
  }).prefault({}),
  stateDir: told(path.default('/var/lib/moenet-agent'), 'what must outlive a reboot'),
  runtimeDir: told(path.default('/run/moenet-agent'), 'control sockets and lock'),
  templatesDir: told(path.optional(), 'a file there replaces the shipped template of the same name'),
  bird: section({
    configDir: told(path.optional(), "BIRD's configuration directory", '`/etc/bird`'),
    controlSocket: told(
      path.optional(),
      "BIRD's control socket. If the file does not name one and there is none at the path that `GET config` names, the agent uses the one usual place where a BIRD answers, and `status` says which",
      '`/run/bird/bird.ctl`',
    ),
    mode: told(
      choice('full', 'include').default('full'),
      '`full`: the agent owns `bird.conf`, and keeps the one it found as `bird.conf.orig`. `include`: the operator owns `bird.conf`, which includes `moenet-agent.conf`',
    ),
    kernelTable: told(
      kernelTable.optional(),
      'a [kernel table of its own](interface.md#a-kernel-table-of-its-own) for all routes of DN42, 1 to 4294967295',
    ),
  }).prefault({}),
  wireguard: section({
    privateKeyPath: told(
      path.optional(),
      'made if absent, never overwritten',
      '`/etc/wireguard/private.key`',
    ),
    publicKeyPath: told(
      path.optional(),
      'for people; the agent does not need it',
      '`/etc/wireguard/public.key`',
    ),
    implementation: told(
      choice('auto', 'kernel', 'userspace').default('auto'),
      "`auto`: new tunnels are the kernel's if it has WireGuard at that time, else those of `wireguard-go`; `kernel` or `userspace` fixes it. Existing tunnels stay as they are",
    ),
  }).prefault({}),
  loopback: section({
    interface: told(
      loopbackInterface.default('dummy0'),
      'carries the loopback addresses; made if absent. `lo` where the kernel has no dummy devices',
    ),
  }).prefault({}),
  firewall: section({
    nftSet: told(
      portSet.optional(),
      '[an nft set](interface.md#a-set-of-ports-for-the-firewall) that the agent keeps equal to the listen ports of all tunnels, such as `inet filter moenet_ports`',
    ),
  }).prefault({}),
  intervals: section({
    look: told(seconds.default(3), 'seconds between two light looks at BIRD, tunnels and kernel settings'),
    sessions: told(seconds.default(60), 'seconds between two `GET sessions`; each is followed by a pass'),
    report: told(seconds.default(60), 'seconds between two `POST report`'),
    heartbeat: told(seconds.default(30), 'seconds between two heartbeats'),
    mesh: told(seconds.default(120), 'seconds between two `GET mesh`'),
    birdConfig: told(seconds.default(300), 'seconds between two `GET bird-config`'),
  }).prefault({}),
  policy: section({
    roaUnknown: told(
      choice('accept', 'reject').default('accept'),
      '`reject` refuses routes that the RPKI caches do not know; the route to a cache itself needs no ROA (a cache in DN42 also needs `policy.throughDn42`)',
    ),
    communities: section({
      latency: told(
        communityGroup,
        'replaces the latency group of the network\'s table of communities on this node: `"wiki"` takes the values of DN42\'s wiki, `{"1g_plus": [64511, 25], ...}` others. `status` names where the network\'s table contradicts the wiki',
      ),
      bandwidth: told(communityGroup, 'the same for the bandwidth group'),
      crypto: told(communityGroup, 'the same for the crypto group'),
      region: told(communityGroup, 'the same for the region group'),
    }).optional(),
    blockedAsns: told(asNumbers.default([]), 'routes with one of these ASNs in their path are refused'),
    customers: told(
      z.array(customer, wanted('a list of objects with "asn"')).default([]),
      '`{"asn": ..., "asns": [...], "prefixes": [...]}`: the ASNs that may be behind a customer (an `upstream` session); without, whoever a ROA names. Where it may ask for [blackholes](communities.md) whatever its ROAs\' lengths are',
    ),
    ownPrefixes: told(
      z.array(ownPrefix, wanted('a list of prefixes')).default([]),
      'more prefixes of ours, see [Own prefixes](interface.md#own-prefixes)',
    ),
    whenAlone: told(
      choice('announce', 'drain', 'withdraw').default('drain'),
      'our own blocks while Babel reaches no other node of ours: `announce`, `drain` (with graceful shutdown) or `withdraw`',
    ),
    collector: told(
      section({ asn: asNumber, address: neighborAddress }).optional(),
      '`{"asn": ..., "address": ...}`: a route collector that gets all valid routes and gives none',
    ),
    throughDn42: told(
      z.array(network, wanted('a list of addresses and prefixes')).default([]),
      'addresses and prefixes that this node depends on and reaches by routes of its neighbors, such as an RPKI cache inside DN42',
    ),
    neighborRanges: told(
      z.array(network, wanted('a list of addresses and prefixes')).default([]),
      "more address blocks in which a neighbor's address may lie, such as `192.168.42.0/24`",
    ),
  }).prefault({}),
  sessions: told(
    operatorOptions.default({}),
    '[options of single sessions](interface.md#options-of-one-session), by ASN or uuid',
  ),
  limits: section({
    requestsPerMinute: told(perMinute.default(240), "the agent's own limit; the control plane allows 300"),
  }).prefault({}),
});

export type ConfigFile = z.output<typeof configSchema>;
