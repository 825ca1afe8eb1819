import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Scenario } from '../scenario/scenario.js';
import { controlPlaneApp } from './control-plane.js';
import type { ControlPlaneState } from './control-plane-state.js';
import type { Dialect } from './dialect.js';
import { wires } from './wires.js';

export interface ControlPlaneServer {
  /** Ends all connections, and comes back with the same data, speaking another dialect. */
  upgrade(dialect: Dialect): Promise<void>;
}

/** Serves `state` over HTTP on the scenario's address, in the dialect that it says. */
export async function serveControlPlane(
  scenario: Scenario,
  state: ControlPlaneState,
): Promise<ControlPlaneServer> {
  let server = await listen(scenario, state);
  return {
    async upgrade(dialect) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      state.dialect = dialect;
      server = await listen(scenario, state);
    },
  };
}

async function listen(scenario: Scenario, state: ControlPlaneState): Promise<Server> {
  const { address, port } = scenario.controlPlane;
  const app = controlPlaneApp(scenario, state, wires[state.dialect]);
  // Without options of its own it is plain HTTP/1.1.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(port, address);
  await once(server, 'listening');
  return server;
}
