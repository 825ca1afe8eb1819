import { parseBirdConfig } from '../../../../../src/adapters/control-plane/parse/parse-bird-config.js';
import { parseMesh } from '../../../../../src/adapters/control-plane/parse/parse-mesh.js';
import { identifyNode, withoutSelf } from '../../../../../src/core/desired/node.js';
import { findOwned } from '../../../../../src/core/desired/owned.js';
import { gatherFacts } from '../../../../../src/core/desired/rules/gather-facts.js';
import type { SessionFacts } from '../../../../../src/core/desired/rules/session-rules.js';
import { type DesiredSessions, desireSessions } from '../../../../../src/core/desired/sessions.js';
import type { NodeSettings } from '../../../../../src/core/desired/settings.js';
import type { Observed, ObservedAddress, ObservedLink } from '../../../../../src/core/model/observed.js';
import type { SessionEntry } from '../../../../../src/core/model/session.js';
import { parsePrefix } from '../../../../../src/core/model/values/ip.js';
import { fixture } from '../../../adapters/control-plane/fixture.js';
import { bootstrap, makeLink, makeObserved, nodeSettings, v4, v6 } from '../../../make.js';

/** `10.99.0.5/24`, or `10.8.0.1/32 peer 10.8.0.2`. */
function addressOf(text: string): ObservedAddress {
  const [, local = '', length = '', peer] = /^(\S+)\/(\d+)(?: peer (\S+))?$/.exec(text) ?? [];
  return { local, prefixLength: Number(length), peer };
}

export function linkOf(name: string, addresses: readonly string[], alias?: string): ObservedLink {
  return makeLink({ name, alias, kind: undefined, addresses: addresses.map(addressOf) });
}

/** A machine with an uplink, containers, a VPN of somebody else's, and name servers. */
export const machine: Partial<Observed> = {
  links: [
    linkOf('lo', ['127.0.0.1/8', '::1/128']),
    linkOf('eth0', ['10.99.0.5/24', 'fd12:99::5/64', 'fe80::5054:ff:fe12:3456/64']),
    linkOf('br-4f1c', ['172.23.0.1/16']),
    linkOf('tun0', ['10.8.0.1/32 peer 10.8.0.2']),
    linkOf('wan0', ['198.51.100.7/24']),
  ],
  surroundings: {
    controlPlane: [v4('172.20.99.1'), v6('fd00:cafe::1')],
    resolvers: [v4('172.31.0.2')],
    rtrCaches: [v4('172.20.129.8')],
    gateways: [{ address: v4('172.31.1.1'), interface: 'eth0' }],
  },
};

const settings: NodeSettings = { ...nodeSettings, apiPort: 24_369 };

export function allowing(...blocks: readonly string[]): NodeSettings {
  const neighborRanges = blocks.flatMap((block) => parsePrefix(block) ?? []);
  return { ...settings, policy: { ...settings.policy, neighborRanges } };
}

export const node = identifyNode('jp1', bootstrap, undefined);

const lists = {
  config: bootstrap,
  birdConfig: parseBirdConfig(fixture('documented/bird-config.json')),
  mesh: parseMesh(fixture('documented/mesh.json')),
};

/** What becomes of the entries on the machine, with the documented network's lists. */
export function judge(
  entries: readonly SessionEntry[],
  observed: Partial<Observed> = machine,
  options: {
    readonly settings?: NodeSettings;
    readonly known?: SessionFacts['known'];
    readonly publicKey?: string;
  } = {},
): DesiredSessions {
  const all = makeObserved(observed);
  const owned = findOwned(all, []);
  const context = { node, settings: options.settings ?? settings, owned };
  const facts = gatherFacts({
    ...context,
    snapshot: { ...withoutSelf(lists, node), sessions: entries },
    observed: all,
    known: options.known ?? {},
    publicKey: options.publicKey,
  });
  return desireSessions(entries, context, { facts });
}

/** Why the only entry is refused; undefined where it is not. */
export function reasonFor(...args: Parameters<typeof judge>): string | undefined {
  return judge(...args).refusals[0]?.reason;
}
