import { z } from 'zod';
import {
  apiUrl,
  asNumber,
  asNumbers,
  choice,
  communityGroup,
  customer,
  dialect,
  kernelTable,
  listen,
  loopbackInterface,
  neighborAddress,
  network,
  nodeName,
  ownPrefix,
  path,
  perMinute,
  portSet,
  seconds,
  section,
  token,
  wanted,
  yesOrNo,
} from './schema-values.js';
import { operatorOptions } from './session-options.js';

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
      "where the node's HTTP API listens, an address or a list; `:24368` for all addresses, so that the control plane reaches it. Sockets [of systemd](docs/interface.md#sockets-of-systemd) replace it",
    ),
    metricsTokenFile: told(
      path.optional(),
      "a file with a token that only reads `/metrics`, for your monitoring; the node's token reads it, too",
    ),
    metrics: told(
      choice('token', 'open-on-loopback').default('token'),
      '`open-on-loopback`: whoever asks from this machine, by a loopback address, reads `/metrics` without a token; also the clients of a proxy that runs here',
    ),
  }).prefault({}),
  stateDir: told(path.default('/var/lib/moenet-agent'), 'what must outlive a reboot'),
  history: told(
    yesOrNo.default(true),
    'keeps the [history](docs/operation.md#history) of each session in the state directory; `false`: only that of the last minutes, in memory',
  ),
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
      'a [kernel table of its own](docs/interface.md#a-kernel-table-of-its-own) for all routes of DN42, 1 to 4294967295',
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
      '[an nft set](docs/interface.md#a-set-of-ports-for-the-firewall) that the agent keeps equal to the listen ports of all tunnels, such as `inet filter moenet_ports`',
    ),
  }).prefault({}),
  intervals: section({
    look: told(seconds.default(3), 'seconds between two light looks at BIRD, tunnels and kernel settings'),
    sessions: told(seconds.default(60), 'seconds between two `GET sessions`; each is followed by a pass'),
    report: told(seconds.default(60), 'seconds between two `POST report`'),
    heartbeat: told(seconds.default(30), 'seconds between two heartbeats'),
    mesh: told(seconds.default(120), 'seconds between two `GET mesh`; a pass follows where something is new'),
    birdConfig: told(
      seconds.default(300),
      'seconds between two `GET bird-config`; a pass follows where something is new',
    ),
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
      'more prefixes of ours, see [Own prefixes](docs/interface.md#own-prefixes)',
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
    '[options of single sessions](docs/interface.md#options-of-one-session), by ASN or uuid',
  ),
  limits: section({
    requestsPerMinute: told(perMinute.default(240), "the agent's own limit; the control plane allows 300"),
  }).prefault({}),
});

export type ConfigFile = z.output<typeof configSchema>;
