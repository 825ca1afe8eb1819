import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Scenario } from '../scenario/scenario.js';
import { controlPlaneApp } from './control-plane.js';
import type { ControlPlaneState } from './control-plane-state.js';
import type { Dialect } from './dialect.js';
import { wires } from './wires.js';

export interface ControlPlaneServer {
  readonly port: number;
  /** Ends all connections, and comes back with the same data, speaking another dialect. */
  upgrade(dialect: Dialect): Promise<void>;
  /** Ends all connections; who asks from now on is refused. */
  close(): Promise<void>;
  /** Is back at the same port, with the same data. */
  open(): Promise<void>;
}

/** Serves `state` over HTTP in the dialect that it says, on the scenario's address or on another; port 0 is a free one. */
export async function serveControlPlane(
  scenario: Scenario,
  state: ControlPlaneState,
  { address, port: wanted }: { readonly address: string; readonly port: number } = scenario.controlPlane,
): Promise<ControlPlaneServer> {
  let server = await listen(wanted);
  const { port } = server.address() as AddressInfo;

  async function listen(at: number): Promise<Server> {
    const app = controlPlaneApp(scenario, state, wires[state.dialect]);
    // Without options of its own it is plain HTTP/1.1.
    const next = createAdaptorServer({ fetch: app.fetch }) as Server;
    next.listen(at, address);
    await once(next, 'listening');
    return next;
  }

  async function close(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async function open(): Promise<void> {
    server = await listen(port);
  }

  return {
    port,
    close,
    open,
    upgrade: async (dialect) => {
      await close();
      state.dialect = dialect;
      await open();
    },
  };
}
