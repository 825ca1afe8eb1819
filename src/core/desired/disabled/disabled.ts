import type { Disabled } from '../../model/disabled.js';
import type { BirdProtocol, ObservedBird } from '../../model/observed.js';

/** What one look shows of a session. */
export interface SessionLook {
  /** The desired names of its BIRD protocols. */
  readonly names: readonly string[];
  /** The names before an agent renamed them. */
  readonly previousNames: readonly string[];
  /** See `runningProtocols`. */
  readonly running: Running | undefined;
  /** The text of its file; undefined where there is none. */
  readonly file: string | undefined;
  /** True where BIRD has loaded its files. */
  readonly isLoaded: boolean;
  readonly nowSeconds: number;
}

/** The message with these words must fit into the control plane's 255 characters. */
const maxWords = 60;

/** How long the agent leads traffic away from a session before it disables it (RFC 8326 leaves this to the operator). */
export const drainSeconds = 60;

/**
 * True for a BGP protocol that `birdc disable` or `disabled` in BIRD's files has disabled. BIRD has no flag for this: where
 * it shut a protocol down by itself (a limit, no socket), `Last error` says why; a disable by hand clears it.
 */
export function isDisabledByHand({ proto, disabled, bgp }: BirdProtocol): boolean {
  return proto === 'BGP' && disabled && !bgp?.lastError;
}

/** True where the text of a file has `disabled yes` in the protocol of that name. */
export function fileDisables(text: string | undefined, name: string): boolean {
  const [, rest = ''] = text?.split(`protocol bgp ${name} `, 2) ?? [];
  const [block = ''] = rest.split('\nprotocol ', 1);
  return /^\s*disabled yes;$/m.test(block);
}

/**
 * The session's protocols that should be off. If a disabled protocol has another name now, all of them are.
 */
export function offNames(disabled: Disabled | undefined, names: readonly string[]): readonly string[] {
  if (disabled?.phase !== 'off') return [];
  const off = names.filter((name) => disabled.protocols?.includes(name));
  return off.length > 0 ? off : names;
}

/** How a session is disabled after one more look at BIRD; undefined where it is not. */
export function nextDisabled(before: Disabled | undefined, look: SessionLook): Disabled | undefined {
  const { running } = look;
  if (!running) return before && drained(before, look.nowSeconds);
  if (before?.phase === 'returning') return isRunning(look.names, running) ? undefined : before;
  const hand = handDisabled(look, running);
  if (before?.phase === 'draining' && hand.length === 0) return drained(before, look.nowSeconds);
  const left = before?.phase === 'off' ? withoutEnabled(before, look, running) : undefined;
  if (hand.length === 0) return left;
  return left ? withMore(left, look, hand) : newlyOff(look, hand);
}

type Running = ReadonlyMap<string, BirdProtocol>;

/** BIRD's protocols by name; undefined where BIRD cannot tell: it starts no other protocol before its device protocol is up. */
export function runningProtocols(bird: ObservedBird): Running | undefined {
  if (!bird.running) return undefined;
  const waits = bird.protocols.some(({ proto, state }) => proto === 'Device' && state !== 'up');
  return waits ? undefined : new Map(bird.protocols.map((protocol) => [protocol.name, protocol]));
}

/** A clock that was set back does not make the wait longer. */
function drained(disabled: Disabled, nowSeconds: number): Disabled {
  const left = (disabled.drainedAtSeconds ?? nowSeconds) - nowSeconds;
  if (disabled.phase !== 'draining' || (left > 0 && left <= drainSeconds)) return disabled;
  return { ...disabled, phase: 'off', drainedAtSeconds: undefined };
}

function isRunning(names: readonly string[], running: Running): boolean {
  return names.every((name) => ['start', 'up'].includes(running.get(name)?.state ?? ''));
}

function handDisabled({ names, previousNames }: SessionLook, running: Running): BirdProtocol[] {
  const known = [...new Set([...names, ...previousNames])];
  return known.flatMap((name) => running.get(name) ?? []).filter(isDisabledByHand);
}

/** A protocol that its file disables and BIRD runs was enabled by an operator: `birdc enable`. */
function withoutEnabled(before: Disabled, look: SessionLook, running: Running): Disabled | undefined {
  const off = offNames(before, look.names);
  const isEnabled = (name: string) =>
    look.isLoaded && fileDisables(look.file, name) && isRunning([name], running);
  const left = off.filter((name) => !isEnabled(name));
  if (left.length === off.length) return before;
  return left.length === 0 ? undefined : { ...before, protocols: left };
}

function withMore(before: Disabled, { names }: SessionLook, hand: readonly BirdProtocol[]): Disabled {
  const off = offNames(before, names);
  const all = names.filter((name) => off.includes(name) || hand.some((protocol) => protocol.name === name));
  return all.length === off.length ? before : { ...before, protocols: someOf(all, names) };
}

function newlyOff({ names, nowSeconds }: SessionLook, hand: readonly BirdProtocol[]): Disabled {
  const words = hand.find(({ message }) => message)?.message?.slice(0, maxWords);
  const protocols = someOf(
    hand.map(({ name }) => name).filter((name) => names.includes(name)),
    names,
  );
  return {
    by: 'birdc',
    phase: 'off',
    sinceSeconds: nowSeconds,
    ...(protocols ? { protocols } : {}),
    ...(words ? { words } : {}),
  };
}

/** Undefined for all of them, and for none. */
function someOf(some: readonly string[], all: readonly string[]): readonly string[] | undefined {
  return some.length === 0 || some.length === all.length ? undefined : some;
}
