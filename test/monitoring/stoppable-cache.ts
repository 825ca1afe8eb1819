import type { Namespace } from '../../src/lab/namespace.js';
import { openRtrCache } from '../../src/lab/rtr-server.js';
import { serveInside } from '../integration/bird/routers/rtr-relay.js';

/** An RPKI cache that can be stopped. */
export interface StoppableCache {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A cache for the routers of a namespace, which does not run yet. */
export function stoppableCache(namespace: Namespace, port: number): StoppableCache {
  // One of the neighbors' routes has another origin, so that there is something to refuse.
  const cache = openRtrCache([{ prefix: '172.21.1.0/24', maxLength: 24, asn: 4242420001 }]);
  let close = async () => {};
  return {
    start: async () => {
      close = await serveInside(namespace, port, cache);
    },
    stop: async () => {
      await close();
      close = async () => {};
    },
  };
}
