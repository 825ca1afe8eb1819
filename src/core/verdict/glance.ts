import type { Desired } from '../desired/desired.js';
import {
  type BirdGlance,
  type BirdProtocol,
  isLasting,
  type LinkGlance,
  type Observed,
  type ObservedBird,
  type ObservedLink,
  type ObservedSysctls,
} from '../model/observed.js';

/**
 * True where a glance at BIRD differs from what was read: it answers or not, protocols came, went, or changed their state
 * or their words, such as an RPKI cache that no longer answers.
 */
export function isOutdated(read: ObservedBird, glance: BirdGlance): boolean {
  if (!read.running || !glance.running) return read.running !== glance.running;
  const rows = new Map(read.protocols.map((protocol) => [protocol.name, rowOf(protocol)]));
  return (
    rows.size !== glance.protocols.length ||
    glance.protocols.some((protocol) => rows.get(protocol.name) !== rowOf(protocol))
  );
}

/**
 * BIRD dials an absent neighbor again and again: the session goes from Active to Connect and back every few seconds, with
 * the same error. That is not a change.
 */
function rowOf({ proto, state, info }: Pick<BirdProtocol, 'proto' | 'state' | 'info'>): string {
  const told =
    proto === 'BGP' ? info.replace(/^(?:Idle|Connect|Active|OpenSent|OpenConfirm|Close)\b\s*/, '') : info;
  return `${state} ${told}`;
}

/**
 * The settings that were read of all interfaces, with what is read of some of them now. The same object where nothing has changed.
 */
export function withSysctls(
  read: ObservedSysctls,
  now: ObservedSysctls,
  interfaces: readonly string[],
): ObservedSysctls {
  const names = ['all', 'default', ...interfaces];
  const isSame =
    read.forwarding.ipv4 === now.forwarding.ipv4 &&
    read.forwarding.ipv6 === now.forwarding.ipv6 &&
    names.every(
      (name) =>
        read.rpFilter.get(name) === now.rpFilter.get(name) &&
        read.ipv6Disabled.has(name) === now.ipv6Disabled.has(name) &&
        read.ipv6Mtu?.get(name) === now.ipv6Mtu?.get(name),
    );
  if (isSame) return read;
  const fresh = new Set(names);
  const others = <T>(entries: Iterable<readonly [string, T]>) =>
    [...entries].filter(([name]) => !fresh.has(name));
  return {
    forwarding: now.forwarding,
    rpFilter: new Map([...others(read.rpFilter), ...now.rpFilter]),
    ipv6Disabled: new Set([
      ...[...read.ipv6Disabled].filter((name) => !fresh.has(name)),
      ...now.ipv6Disabled,
    ]),
    ipv6Mtu: new Map([...others(read.ipv6Mtu ?? []), ...(now.ipv6Mtu ?? [])]),
  };
}

/** True where a setting differs that the kernel copies to other interfaces, or that counts for all. */
export function isChangedForAll(read: ObservedSysctls, now: ObservedSysctls): boolean {
  return withSysctls(read, now, []) !== read;
}

/** What a pass saw, and what it wanted. */
interface Seen {
  readonly desired: Pick<Desired, 'tunnels' | 'loopback'>;
  readonly observed: Pick<Observed, 'links' | 'bird' | 'sysctls'>;
}

/** What a look between two passes sees. */
export interface Glance {
  readonly bird: BirdGlance;
  readonly links: LinkGlance;
  readonly sysctls: ObservedSysctls;
}

/**
 * What has gone since a pass and the next pass may have to repair, one sentence each. Sessions that went down, and
 * interfaces that are not the node's, do not count.
 */
export function lostSince({ desired, observed }: Seen, { bird, links, sysctls }: Glance): string[] {
  const ours = new Set<string>([
    ...desired.tunnels.map((tunnel) => tunnel.interface),
    desired.loopback.interface,
  ]);
  const before = observed.links.filter(({ name, up }) => up && ours.has(name));
  return [
    ...lostOfBird(observed.bird, bird),
    ...before.flatMap((link) => lostOfLink(link, links)),
    ...[...ours].flatMap((name) => changedOn(name, observed.sysctls, sysctls)),
  ].sort();
}

function lostOfBird(before: ObservedBird, now: BirdGlance): string[] {
  if (!now.running) return before.running ? [now.reason] : [];
  if (!before.running) return ['BIRD answers again'];
  const states = new Map(now.protocols.map(({ name, state }) => [name, state]));
  return before.protocols.flatMap(({ name, disabled }) => {
    const state = states.get(name);
    if (state === undefined) return [`the BIRD protocol ${name} is gone`];
    return state === 'down' && !disabled ? [`the BIRD protocol ${name} is down`] : [];
  });
}

function lostOfLink({ name, addresses }: ObservedLink, links: LinkGlance): string[] {
  const lasting = addresses.filter(isLasting).map(({ local }) => local);
  const now = links.get(name);
  if (!now) return lasting.length === 0 ? [] : [`the interface ${name} is gone or down`];
  return lasting
    .filter((local) => !now.includes(local))
    .map((local) => `the address ${local} is gone from ${name}`);
}

/** What a pass repairs, or could not do before: a changed MTU, and addresses where IPv6 was off. */
function changedOn(name: string, before: ObservedSysctls | undefined, now: ObservedSysctls): string[] {
  const [was, is] = [before?.ipv6Mtu?.get(name), now.ipv6Mtu?.get(name)];
  const isAllowed = before?.ipv6Disabled.has(name) === true && !now.ipv6Disabled.has(name);
  return [
    ...(was === undefined || is === undefined || was === is
      ? []
      : [`the MTU of ${name} has changed from ${was} to ${is}`]),
    ...(isAllowed && is !== undefined ? [`IPv6 is switched on again on ${name}`] : []),
  ];
}
