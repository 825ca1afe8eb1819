import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import {
  cacheReset,
  cacheResponse,
  endOfData,
  prefixPdu,
  type Query,
  type Roa,
  type RtrVersion,
  serialNotify,
  takeQuery,
  unsupportedVersion,
} from './rtr-pdu.js';

/** The ROAs that routers are told of, whatever way they are connected. */
export interface RtrCache {
  /** Speaks RTR with one router until its connection ends. */
  serve(socket: Socket): void;
  /** Replaces all ROAs; connected routers are told so at once, and ask for what changed. */
  update(roas: readonly Roa[]): void;
}

/** A small RPKI cache for a handful of routers: RTR version 1 (RFC 8210), or version 0 where a router asks for it. */
export function openRtrCache(roas: readonly Roa[], sessionId = 1): RtrCache {
  // The whole past by serial number: what is served here is small and does not live long.
  const history = [keyed(roas)];
  const routers = new Map<Socket, RtrVersion>();
  return {
    serve: (socket) => {
      socket.on('error', () => socket.destroy()).on('close', () => routers.delete(socket));
      onQueries(socket, (query) => {
        if (query.type === 'error') return socket.destroy();
        if (query.version > 1) return socket.end(unsupportedVersion());
        const version = query.version === 0 ? 0 : 1;
        routers.set(socket, version);
        return socket.write(answer(query, version, sessionId, history));
      });
    },
    update: (next) => {
      history.push(keyed(next));
      for (const [socket, version] of routers) {
        socket.write(serialNotify(version, sessionId, history.length - 1));
      }
    },
  };
}

export interface RtrServer {
  readonly port: number;
  update(roas: readonly Roa[]): void;
  close(): Promise<void>;
}

/** Starts an RPKI cache over TCP; port 0 takes any free port. Rejects where it cannot listen. */
export async function startRtrServer(options: {
  readonly host: string;
  readonly port: number;
  readonly roas: readonly Roa[];
}): Promise<RtrServer> {
  const cache = openRtrCache(options.roas);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    cache.serve(socket);
  });
  server.listen({ host: options.host, port: options.port });
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    update: cache.update,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

type Roas = ReadonlyMap<string, Roa>;

/** Each ROA once, as a router must not be told of one twice (RFC 8210, section 5.6). */
function keyed(roas: readonly Roa[]): Roas {
  return new Map(roas.map((roa) => [`${roa.prefix} ${roa.maxLength} ${roa.asn}`, roa]));
}

function onQueries(socket: Socket, handle: (query: Query) => void): void {
  let received: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    try {
      for (let taken = takeQuery(received); taken; taken = takeQuery(received)) {
        received = taken.rest;
        handle(taken.query);
      }
    } catch {
      socket.destroy();
    }
  });
}

function answer(query: Query, version: RtrVersion, sessionId: number, history: readonly Roas[]): Buffer {
  const now = history.at(-1) ?? new Map();
  const known = query.type === 'serial' && query.sessionId === sessionId ? history[query.serial] : undefined;
  if (query.type === 'serial' && !known) return cacheReset(version);
  if (query.type === 'other') return Buffer.alloc(0);
  return Buffer.concat([
    cacheResponse(version, sessionId),
    ...without(known ?? new Map(), now).map((roa) => prefixPdu(version, 'withdraw', roa)),
    ...without(now, known ?? new Map()).map((roa) => prefixPdu(version, 'announce', roa)),
    endOfData(version, sessionId, history.length - 1),
  ]);
}

function without(roas: Roas, others: Roas): Roa[] {
  return [...roas].flatMap(([key, roa]) => (others.has(key) ? [] : [roa]));
}
