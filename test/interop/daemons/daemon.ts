import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Namespace } from '../../../src/lab/namespace.js';
import type { DaemonRelease } from '../../bird-matrix/fetch.js';
import type { Family, Kind, KindName } from '../kinds.js';

/** A neighbor's daemon that runs. */
export interface Neighbor {
  /** True where it has the route and would use it. */
  hasRoute(prefix: string, family: Family): Promise<boolean>;
  stop(): Promise<void>;
}

/** Who opens the connection; the other one, if there is one, is passive. */
export type Opener = 'node' | 'neighbor' | 'both';

/** A daemon that can be the neighbor, in the release that Debian has. */
export interface Daemon {
  readonly name: string;
  readonly release: DaemonRelease;
  /** What becomes of our RFC 9234 role. */
  readonly role: 'accepted' | 'ignored';
  readonly opener: Opener;
  /** Kind → the families of which this release does not use our route, though the session is up: a fault of its own. */
  readonly unused?: Readonly<Partial<Record<KindName, readonly Family[]>>>;
  /** Kinds that it cannot have by its own documentation. */
  readonly notOffered?: readonly KindName[];
  /** Starts it in the neighbor's namespace, configured as its operator does it for a session of the kind. */
  open(host: Namespace, kind: Kind): Promise<Neighbor>;
}

/** `fe80::998%to_node`; other addresses as they are. */
export function scoped(address: string, interfaceName: string): string {
  return address.startsWith('fe80:') ? `${address}%${interfaceName}` : address;
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await once(child, 'exit');
  clearTimeout(timer);
}
