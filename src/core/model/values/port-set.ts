import { z } from 'zod';

/**
 * A set of nftables: family, table and name, with one space between: `inet filter moenet_ports`. Its letters need no quotes
 * in the language of nft(8).
 */
export type NftSet = z.output<typeof nftSet>;

export const nftSet = z
  .string()
  .trim()
  .transform((text) => text.replace(/\s+/g, ' '))
  .refine((text) => /^(?:inet|ip|ip6|arp|bridge|netdev)(?: [A-Za-z][A-Za-z0-9_.-]{0,100}){2}$/.test(text))
  .brand<'NftSet'>();

/** An element of a set of ports (nftables, type `inet_service`). */
export interface PortElement {
  readonly port: number;
  /** True where it has the agent's mark, its comment. */
  readonly isOurs: boolean;
}

/** A set of ports as nft shows it, or why the agent cannot use it. */
export type ObservedPortSet = { readonly set: NftSet } & (
  | { readonly elements: readonly PortElement[] }
  | { readonly problem: string; readonly isMissing: boolean }
);

/** The agent's mark on an element: its comment. */
export const elementMark = 'moenet-agent';

/** `3 ports (24001, 24002, 24003)`, at most ten of them by number. */
export function describePorts(ports: readonly number[]): string {
  const shown = ports.slice(0, 10).join(', ');
  return `${ports.length} port${ports.length === 1 ? '' : 's'} (${shown}${ports.length > 10 ? ', ...' : ''})`;
}

/** What keeps the agent from the set that is wanted, in words. */
export function portSetProblems(
  wanted: NftSet | undefined,
  portSets: readonly ObservedPortSet[] = [],
): string[] {
  return portSets.flatMap((seen) =>
    'problem' in seen && seen.set === wanted
      ? [`${seen.problem}. Until then a firewall that uses this set drops the packets of new tunnels`]
      : [],
  );
}
