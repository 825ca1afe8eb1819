import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AgentConfig } from '../../../src/config/agent-config.js';
import { loadConfig } from '../../../src/config/load.js';
import { askIfRunning } from '../../../src/http/client.js';
import type { Service } from '../../../src/shell/daemon.js';
import { createMetrics } from '../../../src/telemetry/metrics/metrics.js';
import { serve } from '../../../src/wire/serve.js';
import { goodStatus } from '../../fakes/node-status.js';

it('goes on where the port of the local HTTP API is taken, and the status names it', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const runtimeDir = await mkdtemp(join(tmpdir(), 'moenet-serve-'));
  const logged: string[] = [];
  const log = { error: (text: string) => logged.push(text) } as never;
  const service = { status: () => goodStatus } as unknown as Service;
  const metrics = createMetrics();
  const config = await configOf(runtimeDir, [`127.0.0.1:${port}`, '127.0.0.1:0', '[::1]:0']);
  const close = await serve(config, service, { metrics, activated: [], log });
  const problem = `local HTTP: cannot listen on 127.0.0.1:${port}: another program uses that port`;
  const status = await askIfRunning(runtimeDir, 'status', {});
  expect(status).toMatchObject({ health: 'degraded', problems: [expect.stringContaining(problem)] });
  expect(logged).toEqual([expect.stringContaining(problem)]);
  await close();
  other.close();
  await rm(runtimeDir, { recursive: true });
});

async function configOf(runtimeDir: string, listen: readonly string[]): Promise<AgentConfig> {
  const bootstrap = { apiUrl: 'https://api.example.net', nodeName: 'jp1', token: 'tok-3f9a0c' };
  const path = join(runtimeDir, 'config.json');
  await writeFile(path, JSON.stringify({ bootstrap, runtimeDir, server: { listen } }));
  return (await loadConfig({ env: {}, cwd: runtimeDir, systemPaths: [path] })).config;
}
