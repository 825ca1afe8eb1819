import ipaddr from 'ipaddr.js';
import type { IpAddress, Prefix } from './ip.js';
import { remembering } from './remembering.js';

/** The network of only this address: `192.0.2.1/32`, `2001:db8::1/128`. */
export function hostNetwork(address: IpAddress): Prefix {
  return `${address}/${address.includes(':') ? 128 : 32}` as Prefix;
}

/** The prefix length. */
export function lengthOf(network: Prefix): number {
  return parsed(network)[1];
}

/** A pass compares the same few thousand networks with each other again and again. */
const parsed = remembering((network: Prefix) => ipaddr.parseCIDR(network), 10_000);

/** True where every address of `network` is in `block`; false for networks of different families. */
export function isInside(network: Prefix, block: Prefix): boolean {
  const [address, length] = parsed(network);
  const [start, bits] = parsed(block);
  return length >= bits && address.kind() === start.kind() && address.match(start, bits);
}

/** True where the address is in the block; false for a block of the other family. */
export function isWithin(address: IpAddress, block: Prefix): boolean {
  return isInside(hostNetwork(address), block);
}

/** True where the two networks share an address: then one is inside the other. */
export function overlap(one: Prefix, other: Prefix): boolean {
  return isInside(one, other) || isInside(other, one);
}
