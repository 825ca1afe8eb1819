import type { Desired } from './desired/desire.js';
import { isLasting } from './diff/tunnel.js';
import type { Observed, ObservedBird, ObservedLink } from './observed.js';

/** BIRD as one short command shows it, or why it does not answer. */
export type BirdGlance =
  | {
      readonly running: true;
      readonly protocols: readonly { readonly name: string; readonly state: string }[];
    }
  | { readonly running: false; readonly reason: string };

/** The addresses, in canonical text, of the interfaces that are up and running, by name. */
export type LinkGlance = ReadonlyMap<string, readonly string[]>;

/** True where what was read of BIRD is not what a glance shows: it answers or not, protocols came, went or changed state. */
export function isOutdated(read: ObservedBird, glance: BirdGlance): boolean {
  if (!read.running || !glance.running) return read.running !== glance.running;
  const states = new Map(read.protocols.map(({ name, state }) => [name, state]));
  return (
    states.size !== glance.protocols.length ||
    glance.protocols.some(({ name, state }) => states.get(name) !== state)
  );
}

/** What a pass saw, and whose it is. */
interface Seen {
  readonly desired: Pick<Desired, 'tunnels' | 'loopback'>;
  readonly observed: Pick<Observed, 'links' | 'bird'>;
}

/**
 * What has changed since a pass in a way that the next pass may have to repair, one sentence each: what the pass saw, and is no more.
 * Sessions that went down, and interfaces that are none of the node's, are not among it.
 */
export function lostSince({ desired, observed }: Seen, bird: BirdGlance, links: LinkGlance): string[] {
  const ours = [...desired.tunnels.map((tunnel) => tunnel.interface), desired.loopback.interface];
  const before = observed.links.filter(({ name, up }) => up && ours.some((own) => own === name));
  return [...lostOfBird(observed.bird, bird), ...before.flatMap((link) => lostOfLink(link, links))].sort();
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
