import type { ObservedWireGuard } from '../model/observed.js';

/** A port that one interface uses and another needs. */
export interface PortInTheWay {
  readonly port: number;
  /** The interface that listens on it, and needs another port. */
  readonly holder: string;
  readonly wantedBy: string;
}

/**
 * The ports that interfaces must release before others can use them; `wanted`: interface → port. If interfaces exchange
 * their ports, one of them always asks for a port that is not free yet, and the kernel leaves it on its old port, which the
 * next one needs.
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
