import { expect, it } from 'vitest';
import { emptyState } from '../../../../src/lab/control-plane/control-plane-state.js';
import { serveControlPlane } from '../../../../src/lab/control-plane/serve-control-plane.js';
import { makeScenario } from '../../../../src/lab/scenario/scenario.js';

it('goes away, and comes back at the same port; an upgrade speaks another dialect there', async () => {
  const state = emptyState(new Map([['jp1', 'a-token']]), 'documented');
  const server = await serveControlPlane(makeScenario(1, 1), state, { address: '127.0.0.1', port: 0 });
  const ask = async (path: string) => {
    const headers = { authorization: 'Bearer a-token' };
    return (await fetch(`http://127.0.0.1:${server.port}${path}`, { headers })).status;
  };
  expect(await ask('/agent/jp1/sessions')).toBe(200);
  await server.close();
  await expect(ask('/agent/jp1/sessions')).rejects.toThrow();
  await server.open();
  expect(await ask('/agent/jp1/sessions')).toBe(200);
  await server.upgrade('moenet-core');
  expect(await ask('/agent/jp1/sessions')).toBe(404);
  expect(await ask('/api/v1/agent/jp1/sessions')).toBe(200);
  await server.close();
});
