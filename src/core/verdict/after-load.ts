import type { Desired } from '../desired/desired.js';
import { isDisabledByHand } from '../desired/disabled/disabled.js';
import { findOwned } from '../desired/owned.js';
import type { DesiredProtocol } from '../model/artifacts.js';
import { baseProtocolName } from '../model/names.js';
import { establishedNames, type Observed, type ObservedBird } from '../model/observed.js';
import { formatMark, type Owner } from '../model/owner.js';

/** The system before BIRD loaded a new configuration, what is desired, and whose files BIRD loaded. */
export interface BeforeLoad {
  readonly observed: Observed;
  readonly desired: Pick<Desired, 'protocols'> & Partial<Pick<Desired, 'previousAgent'>>;
  readonly touched: readonly Owner[];
}

/** The protocols that should be there now and are missing. */
export function missingProtocols({ desired, touched }: BeforeLoad, bird: ObservedBird): string[] {
  const names = new Set(bird.running ? bird.protocols.map(({ name }) => name) : []);
  const written = new Set(touched.map(formatMark));
  return desired.protocols
    .filter(({ name, owner }) => written.has(formatMark(owner)) && !names.has(name))
    .map(({ name }) => name);
}

/**
 * Sessions that the load should not have touched: they were Established, nothing of theirs changed, and they are not
 * Established now. A session that an operator disabled meanwhile is not lost.
 */
export function lostSessions(before: BeforeLoad, bird: ObservedBird): string[] {
  const established = new Set([...establishedNames(bird), ...disabledNames(bird)]);
  const preserved = preservedNames(before);
  const touched = new Set(before.touched.map(formatMark));
  const owners = new Map(before.desired.protocols.map(({ name, owner }) => [name, formatMark(owner)]));
  return establishedNames(before.observed.bird).filter((name) => {
    const owner = owners.get(name);
    const isLeftAlone = preserved.has(name) || (owner !== undefined && !touched.has(owner));
    return isLeftAlone && !established.has(name);
  });
}

function disabledNames(bird: ObservedBird): string[] {
  return bird.running ? bird.protocols.filter(isDisabledByHand).map(({ name }) => name) : [];
}

/** Sessions whose files preserve their options so that they stay up. */
function preservedNames({ desired }: BeforeLoad): ReadonlySet<string> {
  const sessions = Object.values(desired.previousAgent?.preserved.sessions ?? {});
  const off = new Set(desired.protocols.flatMap((protocol) => (protocol.off ? [protocol.name] : [])));
  const names = sessions.flatMap(({ protocols }) => protocols.map(({ name }) => name));
  return new Set(names.filter((name) => !off.has(name)));
}

/** True where the protocol's name was another session's, which the agent removes: it was Established with another neighbor. */
function wasOfAnother({ name, owner }: DesiredProtocol, { observed }: BeforeLoad): boolean {
  const base = baseProtocolName(name);
  return [...findOwned(observed, []).protocols].some(
    ([uuid, present]) =>
      (present === name || present === base) && !(owner.kind === 'session' && owner.uuid === uuid),
  );
}

/** True where fewer than half of the wanted sessions that were Established are Established now. */
export function hasCollapsed(before: BeforeLoad, bird: ObservedBird): boolean {
  const running = before.desired.protocols.filter((each) => !each.off && !wasOfAnother(each, before));
  const wanted = new Set(running.map(({ name }) => name));
  const established = new Set([...establishedNames(bird), ...disabledNames(bird)]);
  const were = establishedNames(before.observed.bird).filter((name) => wanted.has(name));
  return were.filter((name) => established.has(name)).length * 2 < were.length;
}
