import type { ListedSession } from '../harness/faulty-node.js';

function session(number: number, publicKey: string, more: Record<string, unknown> = {}): ListedSession {
  return {
    uuid: `kill-${number}`,
    asn: 4242420500 + number,
    status: 1,
    ipv6LinkLocal: `fe80::50${number}`,
    mtu: 1420,
    interface: `wg_2400${number}`,
    endpoint: `192.0.2.5${number}:51820`,
    port: 24000 + number,
    credential: { publicKey },
    type: 'wireguard',
    extensions: ['mp-bgp', 'extended-nexthop'],
    policy: 'full',
    ...more,
  };
}

const untouched = session(1, 'IVJ0yS2B24wCDwAF+kvZIrMiUKAorDjLSfrXkFthfSU=');
const changed = session(2, 'mKNiXTqlcB/OeVkYA4Ag/JbyE5FB6fkT9tx6bEU2IlU=');
const leaves = session(3, 'pnM1SvGvdyVuLG3QPUfQpqc8luuzEg6HRbYqyegz3zM=');
const comes = session(4, 'wASi4jpoF/j3aXVfoMouy7q0IxCtySEgxnp9URzduiM=');
const deleted = (one: ListedSession) => ({ ...one, status: 5 });

/**
 * Two lists: the way from either to the other adds a session, changes one softly (MTU, endpoint, policy), deletes one by
 * its status, and has nothing to do with one.
 */
export const oneList: readonly ListedSession[] = [untouched, changed, leaves, deleted(comes)];
export const otherList: readonly ListedSession[] = [
  untouched,
  { ...changed, mtu: 1400, endpoint: '192.0.2.99:51820', policy: 'peer' },
  deleted(leaves),
  comes,
];

/** What is not the agent's. */
export const foreign = ['foreign0', 'wg_foreign', 'operators_own', 'lo'];

/** Interfaces and protocols that no way between the lists may restart. */
export const lasting = [
  ...foreign,
  'wg_24001',
  'wg_24002',
  'dn42-wg-igp-2',
  'dn42_4242420501',
  'dn42_4242420502',
  'ibgp_2',
];
