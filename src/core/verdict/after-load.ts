import type { Desired } from '../desired/desired.js';
import { isDisabledByHand } from '../desired/disabled/disabled.js';
import { findOwned } from '../desired/owned.js';
import type { DesiredProtocol } from '../model/artifacts.js';
import { baseProtocolName } from '../model/names.js';
import { establishedNames, type Observed, type ObservedBird } from '../model/observed.js';
import { formatMark, type Owner } from '../model/owner.js';

/** The system before BIRD loaded a new configuration, what is desired, and the files that were written or removed for it. */
export interface BeforeLoad {
  readonly observed: Observed;
  readonly desired: Pick<Desired, 'protocols'> & Partial<Pick<Desired, 'previousAgent'>>;
  readonly touched: readonly TouchedFile[];
}

export interface TouchedFile {
  readonly path: string;
  readonly owner: Owner;
}

/**
 * The protocols that should be there now and are missing. Of the node's own only those of the touched files: another of its files may
 * have to wait, and what it declares is not there yet.
 */
export function missingProtocols({ desired, touched }: BeforeLoad, bird: ObservedBird): string[] {
  const names = new Set(bird.running ? bird.protocols.map(({ name }) => name) : []);
  const owners = new Set(touched.map(({ owner }) => formatMark(owner)));
  const paths = new Set(touched.map(({ path }) => path));
  return desired.protocols
    .filter(({ owner, file }) => owners.has(formatMark(owner)) && (file === undefined || paths.has(file)))
    .flatMap(({ name }) => (names.has(name) ? [] : [name]));
}

/**
 * Sessions that the load should not have touched: they were Established, nothing of theirs changed, and they are not
 * Established now. A session that an operator disabled meanwhile is not lost.
 */
export function lostSessions(before: BeforeLoad, bird: ObservedBird): string[] {
  const established = new Set([...establishedNames(bird), ...disabledNames(bird)]);
  const preserved = preservedNames(before);
  const touched = new Set(before.touched.map(({ owner }) => formatMark(owner)));
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

/** The sessions that have each protocol's name now, by their uuids. */
function sessionsByProtocol(observed: Observed): Map<string, Set<string>> {
  const sessions = new Map<string, Set<string>>();
  for (const [uuid, name] of findOwned(observed, []).protocols)
    sessions.set(name, (sessions.get(name) ?? new Set()).add(uuid));
  return sessions;
}

/** True where the protocol's name was another session's, which the agent removes: it was Established with another neighbor. */
function wasOfAnother({ name, owner }: DesiredProtocol, sessions: ReadonlyMap<string, Set<string>>): boolean {
  const own = owner.kind === 'session' ? owner.uuid : undefined;
  return [name, baseProtocolName(name)].some((each) =>
    [...(sessions.get(each) ?? [])].some((uuid) => uuid !== own),
  );
}

/** True where fewer than half of the wanted sessions that were Established are Established now. */
export function hasCollapsed(before: BeforeLoad, bird: ObservedBird): boolean {
  const sessions = sessionsByProtocol(before.observed);
  const running = before.desired.protocols.filter((each) => !each.off && !wasOfAnother(each, sessions));
  const wanted = new Set(running.map(({ name }) => name));
  const established = new Set([...establishedNames(bird), ...disabledNames(bird)]);
  const were = establishedNames(before.observed.bird).filter((name) => wanted.has(name));
  return were.filter((name) => established.has(name)).length * 2 < were.length;
}
