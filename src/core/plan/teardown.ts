import { fileOwner } from '../desired/owned.js';
import { formatAddress } from '../model/artifacts.js';
import type { LinkChange } from '../model/change.js';
import { daemonFile } from '../model/names.js';
import type { Observed } from '../model/observed.js';
import { describeOwner, parseMark } from '../model/owner.js';
import { formatRule, type RoutingRule } from '../model/routing-rule.js';
import { describePorts, type NftSet, type ObservedPortSet } from '../model/values/port-set.js';
import type { LoopbackCarrier } from './diff-loopback.js';

/** BIRD's configuration directory, as far as the agent may have files in it. Paths are relative to it. */
export interface BirdDirectory {
  /** The files under names that the agent uses in either mode: path → text. */
  readonly files: ReadonlyMap<string, string>;
  /** The copies that the agent kept: `bird.conf.orig`, `peers/dn42_4242421080.conf.edited`. */
  readonly copies: readonly string[];
  /** The agent's file that the operator's own `bird.conf` includes by its name; undefined where it does not. */
  readonly included: string | undefined;
}

/** What is read of a node, and remembered of it, to find what the agent made. */
export interface Remains extends Required<Pick<Observed, 'links'>> {
  readonly rules: readonly RoutingRule[];
  readonly bird: BirdDirectory;
  /** The operator's sets of ports in which the agent may have elements. */
  readonly portSets: readonly ObservedPortSet[];
  /** `loopback.interface` of the configuration. */
  readonly loopbackInterface: string;
  /** The loopback addresses of the node, where the control plane has told them. */
  readonly loopbackAddresses: readonly string[];
  readonly memory: {
    readonly loopback: readonly string[];
    readonly loopbackCarrier: LoopbackCarrier | undefined;
    readonly creating: readonly string[];
  };
}

/** What happens in BIRD's directory, in one change. */
export interface BirdRemoval {
  readonly remove: readonly string[];
  /** `from`: the copy with the operator's text; undefined: a least configuration, with which BIRD starts. */
  readonly giveBack: readonly { readonly path: string; readonly from: string | undefined }[];
  /** The file whose `include` goes out of the operator's `bird.conf`. */
  readonly include: string | undefined;
}

/** All that goes, in its order, and what stays although it looks like the agent's. */
export interface Teardown {
  readonly bird: BirdRemoval;
  readonly rules: readonly RoutingRule[];
  readonly links: readonly LinkChange[];
  /** The agent's elements of each set. */
  readonly ports: readonly { readonly set: NftSet; readonly remove: readonly number[] }[];
  readonly items: readonly TeardownItem[];
  readonly leftAlone: readonly string[];
}

export interface TeardownItem {
  readonly kind: 'BIRD file' | 'line' | 'routing rule' | 'tunnel' | 'interface' | 'address' | 'nft set';
  readonly name: string;
  readonly effect: string;
}

/** What of a node is the agent's: what carries its mark, and what it remembers to have made. */
export function planTeardown(remains: Remains): Teardown {
  const bird = birdRemoval(remains.bird);
  const links = linkRemovals(remains);
  const { rules } = remains;
  const ports = ownPorts(remains);
  return {
    bird,
    rules,
    links: links.map(({ link }) => link),
    ports,
    items: [
      ...birdItems(bird),
      ...rules.map(ruleItem),
      ...links.flatMap(({ items }) => items),
      ...ports.map(portsItem),
    ],
    leftAlone: [...foreignLoopbacks(remains), ...unreadSets(remains)],
  };
}

function birdRemoval({ files, copies, included }: BirdDirectory): BirdRemoval {
  const owned = [...files].flatMap(([path, text]) => (fileOwner(text) ? [path] : [])).sort();
  const backup = (path: string) => (copies.includes(`${path}.orig`) ? `${path}.orig` : undefined);
  const returns = owned.filter((path) => path === daemonFile || backup(path) !== undefined);
  return {
    remove: owned.filter((path) => !returns.includes(path)),
    giveBack: returns.map((path) => ({ path, from: backup(path) })),
    include: included !== undefined && owned.includes(included) ? included : undefined,
  };
}

function birdItems({ remove, giveBack, include }: BirdRemoval): TeardownItem[] {
  const line = (name: string): TeardownItem => ({
    kind: 'line',
    name: `include "${name}";`,
    effect: `removed from ${daemonFile}`,
  });
  return [
    ...(include === undefined ? [] : [line(include)]),
    ...giveBack.map(
      ({ path, from = `a least configuration, because there is no ${path}.orig` }): TeardownItem => ({
        kind: 'BIRD file',
        name: path,
        effect: `replaced by ${from}`,
      }),
    ),
    ...remove.map((path): TeardownItem => ({ kind: 'BIRD file', name: path, effect: 'removed' })),
  ];
}

function ruleItem(rule: RoutingRule): TeardownItem {
  const name = `${rule.family === 'ipv4' ? 'IPv4' : 'IPv6'} ${formatRule(rule)}`;
  return { kind: 'routing rule', name, effect: 'removed' };
}

interface LinkRemoval {
  readonly link: LinkChange;
  readonly items: readonly TeardownItem[];
}

/** Tunnels first, then what has the loopback addresses. */
function linkRemovals(remains: Remains): LinkRemoval[] {
  const { links, memory } = remains;
  const own = links.flatMap((link): LinkRemoval[] => {
    const owner = parseMark(link.alias);
    const isUnfinished = link.alias === undefined && memory.creating.includes(link.name);
    if (!owner && !isUnfinished) return [];
    const effect = owner
      ? `removed; it is of ${owner.kind === 'node' ? 'the node' : describeOwner(owner)}`
      : 'removed; the agent began to make it';
    const kind = owner && owner.kind !== 'node' ? 'tunnel' : 'interface';
    return [{ link: { interface: link.name, remove: true }, items: [{ kind, name: link.name, effect }] }];
  });
  const isTunnel = ({ items }: LinkRemoval) => items[0]?.kind === 'tunnel';
  const gone = new Set(own.map(({ link }) => link.interface));
  const addresses = carriers(remains)
    .filter(({ name }) => !gone.has(name))
    .flatMap(({ name, addresses: present }): LinkRemoval[] => {
      const removeAddresses = present.filter((each) => memory.loopback.includes(formatAddress(each)));
      const items = removeAddresses.map(
        (each): TeardownItem => ({
          kind: 'address',
          name: `${formatAddress(each)} on ${name}`,
          effect: 'removed; the interface stays',
        }),
      );
      return items.length === 0 ? [] : [{ link: { interface: name, removeAddresses }, items }];
    });
  return [...own.filter(isTunnel), ...own.filter((each) => !isTunnel(each)), ...addresses];
}

/** The interfaces on which the agent may have put the loopback addresses. */
function carriers({ links, memory, loopbackInterface }: Remains): Remains['links'] {
  return links.filter(({ name }) => [loopbackInterface, memory.loopbackCarrier?.actual].includes(name));
}

/** The node's addresses that the agent does not remember: somebody else's, or its memory is lost. */
function foreignLoopbacks(remains: Remains): string[] {
  const { memory, loopbackAddresses } = remains;
  return carriers(remains)
    .filter(({ alias }) => parseMark(alias) === undefined)
    .flatMap(({ name, addresses }) =>
      addresses
        .filter(({ local }) => loopbackAddresses.includes(local))
        .map(formatAddress)
        .filter((text) => !memory.loopback.includes(text))
        .map((text) => `address ${text} on ${name}: the agent does not remember that it set it`),
    );
}

/** The elements with the agent's mark; the set and its other elements stay. */
function ownPorts({ portSets }: Remains): Teardown['ports'] {
  return portSets.flatMap((seen) => {
    const remove = 'problem' in seen ? [] : seen.elements.filter(({ isOurs }) => isOurs);
    return remove.length === 0 ? [] : [{ set: seen.set, remove: remove.map(({ port }) => port) }];
  });
}

function portsItem({ set, remove }: Teardown['ports'][number]): TeardownItem {
  return { kind: 'nft set', name: set, effect: `loses ${describePorts(remove)}; the set stays` };
}

/** A set that is gone has nothing of ours. */
function unreadSets({ portSets }: Remains): string[] {
  return portSets.flatMap((seen) => ('problem' in seen && !seen.isMissing ? [seen.problem] : []));
}
