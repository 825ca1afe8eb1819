import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { controlPlaneApp } from '../../src/lab/control-plane/control-plane.js';
import { type ControlPlaneState, emptyState } from '../../src/lab/control-plane/control-plane-state.js';
import { documented } from '../../src/lab/control-plane/documented.js';
import { type SessionRow, sessionRow } from '../../src/lab/control-plane/session-row.js';
import { makePeerSecrets } from '../../src/lab/hosts/keys.js';
import type { Namespace } from '../../src/lab/namespace.js';
import { makePeer, type PeerSpec } from '../../src/lab/scenario/peer-spec.js';
import { makeScenario } from '../../src/lab/scenario/scenario.js';

export const token = 'a-token-of-the-bench';
export const port = 18_080;

const scenario = makeScenario(1, 1);
export const nodeName = scenario.nodes[0]?.name ?? '';

/** The lab's control plane, which this process serves inside a namespace. */
export interface BenchControlPlane {
  readonly state: ControlPlaneState;
  close(): Promise<void>;
}

// A socket stays in the network that it was made in, whoever has it.
const listenAndHandOver = `const server = require('node:net').createServer();
server.listen(${port}, '127.0.0.1', () => process.send('socket', server));
process.once('message', () => process.exit());`;

export async function serveControlPlane(namespace: Namespace): Promise<BenchControlPlane> {
  const state = emptyState(new Map([[nodeName, token]]), 'documented');
  const { fetch } = controlPlaneApp(scenario, state, documented);
  const http = createAdaptorServer({ fetch }) as HttpServer;
  const socket = await openSocket(namespace);
  socket.on('connection', (connection) => http.emit('connection', connection));
  return {
    state,
    close: async () => {
      http.closeAllConnections();
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

async function openSocket(namespace: Namespace): Promise<Server> {
  const opener = namespace.spawn('node', ['-e', listenAndHandOver], {
    env: process.env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [, socket] = await once(opener, 'message');
  opener.send('received');
  await once(opener, 'exit');
  return socket instanceof Object ? (socket as Server) : createServer();
}

/**
 * The sessions with these indices, as many as one wants: the lab's peers of all kinds, with addresses that go beyond its few,
 * and without names, for there is nobody to ask.
 */
export function sessionRows(first: number, count: number, status: SessionRow['status']): SessionRow[] {
  return Array.from({ length: count }, (_, index) => {
    const peer = numbered(makePeer(first + index, scenario.nodes), first + index);
    const { publicKey, presharedKey } = makePeerSecrets(peer.hasPresharedKey);
    return sessionRow(peer, { publicKey, presharedKey }, status);
  });
}

function numbered(peer: PeerSpec, index: number): PeerSpec {
  const hex = (0x1000 + index).toString(16);
  return {
    ...peer,
    address: `192.0.2.${(index % 250) + 1}`,
    hostName: undefined,
    ipv4: `172.21.${Math.floor(index / 250)}.${(index % 250) + 1}`,
    ipv6: `fd42:4242:${hex}::1`,
    linkLocal: `fe80::${hex}`,
    ownUla: peer.ownUla === undefined ? undefined : `fd00:4242:7777:fffe::${hex}`,
    session: { ...peer.session, port: 20_000 + index },
  };
}
