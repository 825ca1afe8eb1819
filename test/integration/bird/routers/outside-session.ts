import type { RoutedSession } from '../../../../src/core/model/routing.js';
import type { Session } from '../../../../src/core/model/session.js';
import { asn } from '../../../../src/core/model/values/asn.js';
import type { Namespace } from '../../../../src/lab/namespace.js';
import { makeSession, v6 } from '../../../unit/make.js';
import { type Outside, outsideConfig } from './outside.js';
import { join, type Routers } from './routers.js';
import type { RunningBird } from './running-bird.js';

/** A node's session with another operator's router: the interface is `wg_<number>`. */
export function sessionWith({ number, as }: Outside, part: Partial<Session> = {}): RoutedSession {
  return {
    protocol: `dn42_${as}`,
    latencyTier: undefined,
    session: makeSession({
      uuid: `s-${number}`,
      asn: asn.parse(as),
      ipv6LinkLocal: v6(`fe80::${number}`),
      ...part,
      interface: `wg_${number}`,
    }),
  };
}

/** Starts the other operator's router in a host of its own, at the other end of `wg_<number>`. */
export async function startOutside(
  routers: Routers,
  host: Namespace,
  outside: Outside,
): Promise<{ readonly host: Namespace; readonly bird: RunningBird }> {
  const { number } = outside;
  const there = await routers.open(`outside${number}`);
  await join(
    { host, interface: `wg_${number}`, address: 'fe80::998' },
    { host: there, interface: 'to_node', address: `fe80::${number}` },
  );
  return { host: there, bird: await routers.start(there, { 'bird.conf': outsideConfig(outside) }) };
}
