import type { ObservedWireGuard } from '../model/observed.js';

/** A port that one interface listens on and another is to have. */
export interface PortInTheWay {
  readonly port: number;
  /** Who listens on it, and is to have another port. */
  readonly holder: string;
  readonly wantedBy: string;
}

/**
 * The ports that interfaces have to let go of before others can have them, by `wanted`, interface → port. In whatever order
 * interfaces exchange their ports, one of them would ask for a port that is not free yet, and the kernel leaves that one with
 * its old port, which the next one asks for.
 */
export function portsInTheWay(
  wanted: ReadonlyMap<string, number>,
  present: readonly ObservedWireGuard[],
): PortInTheWay[] {
  const heirs = new Map([...wanted].map(([name, port]) => [port, name]));
  const ports = new Map(present.map(({ interface: name, listenPort }) => [name, listenPort]));
  return present.flatMap(({ interface: holder, listenPort: port, unread }) => {
    if (unread || port === 0 || !wanted.has(holder)) return [];
    const heir = heirs.get(port);
    const isFree = heir === undefined || heir === holder || ports.get(heir) === port;
    return isFree ? [] : [{ port, holder, wantedBy: heir }];
  });
}
