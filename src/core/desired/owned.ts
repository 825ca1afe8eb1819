import type { Observed } from '../model/observed.js';
import { type Owner, parseMark } from '../model/owner.js';
import type { Session, SessionEntry } from '../model/session.js';
import { interfaceName } from '../model/values/interface-name.js';
import type { SessionId } from '../model/values/session-id.js';

/** The owners of the objects on the system before a pass: what exists keeps its name. */
export interface Owned {
  /** Interfaces with the agent's mark. */
  readonly tunnels: ReadonlyMap<string, Owner>;
  /** Interfaces that the agent began to make and has not marked. */
  readonly unfinished: ReadonlySet<string>;
  /** All other interfaces: the agent never touches them. */
  readonly foreignInterfaces: ReadonlySet<string>;
  /** BIRD files with the agent's mark: path → owner. */
  readonly files: ReadonlyMap<string, Owner>;
  /** Session uuid → base name of its BIRD protocols, which is the name of its file. */
  readonly protocols: ReadonlyMap<string, string>;
}

const sessionFile = /^peers\/(.+)\.conf$/;

/**
 * `creating` are the interfaces that the agent began to make; `adopted` are those of a previous agent that it adopts.
 */
export function findOwned(
  observed: Observed,
  creating: readonly string[],
  adopted: ReadonlyMap<string, Owner> = new Map(),
): Owned {
  const tunnels = new Map<string, Owner>();
  const foreignInterfaces = new Set<string>();
  const unfinished = new Set<string>();
  for (const link of observed.links) {
    const owner = parseMark(link.alias) ?? adopted.get(link.name);
    if (owner?.kind === 'session' || owner?.kind === 'mesh') tunnels.set(link.name, owner);
    else if (creating.includes(link.name) && link.alias === undefined) unfinished.add(link.name);
    else foreignInterfaces.add(link.name);
  }
  const files = new Map<string, Owner>();
  const protocols = new Map<string, string>();
  for (const [path, text] of observed.birdFiles) {
    const owner = fileOwner(text);
    if (!owner) continue;
    files.set(path, owner);
    const base = sessionFile.exec(path)?.[1];
    if (owner.kind === 'session' && base) protocols.set(owner.uuid, base);
  }
  return { tunnels, unfinished, foreignInterfaces, files, protocols };
}

/** The sessions that have a tunnel of the agent's. */
export function runningSessions({ tunnels }: Owned): SessionId[] {
  return [...tunnels.values()].flatMap((owner) => (owner.kind === 'session' ? [owner.uuid] : []));
}

/** True where the session's interface is its own tunnel already. */
export function hasOwnTunnel(
  { uuid, interface: name }: Session,
  { tunnels }: Pick<Owned, 'tunnels'>,
): boolean {
  const owner = tunnels.get(name);
  return owner?.kind === 'session' && owner.uuid === uuid;
}

/** The owner that a file's first line names: `# moenet-agent:<uuid>`. */
export function fileOwner(text: string): Owner | undefined {
  const [firstLine = ''] = text.split('\n', 1);
  return firstLine.startsWith('# ') ? parseMark(firstLine.slice(2).trim()) : undefined;
}

/** `dn42-4242421080`, as earlier agents spelt `dn42_4242421080`; undefined where there is no other spelling. */
export function previousSpelling(name: string): string | undefined {
  return name.startsWith('dn42_') ? `dn42-${name.slice(5)}` : undefined;
}

/** The row with the present name of its interface: one in the old spelling keeps it, because renaming takes it down. */
export function withPresentName(entry: SessionEntry, { tunnels }: Pick<Owned, 'tunnels'>): SessionEntry {
  if (entry.kind !== 'session' || tunnels.has(entry.session.interface)) return entry;
  const previous = interfaceName.safeParse(previousSpelling(entry.session.interface));
  const owner = previous.success ? tunnels.get(previous.data) : undefined;
  if (!previous.success || owner?.kind !== 'session' || owner.uuid !== entry.session.uuid) return entry;
  return { ...entry, session: { ...entry.session, interface: previous.data } };
}
