import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { it } from './with-node.js';

it('plan without a control plane says so once, and plans with its last good answers', async ({ node }) => {
  expect((await node.agent('run', '--once')).exitCode).toBe(0);
  const path = join(node.directory, 'agent.json');
  const config = JSON.parse(await readFile(path, 'utf8'));
  const bootstrap = { ...config.bootstrap, apiUrl: 'http://127.0.0.1:9' };
  await writeFile(path, JSON.stringify({ ...config, bootstrap }), { mode: 0o600 });
  const { exitCode, stdout, stderr } = await node.agent('plan');
  expect(stdout.match(/refuses the connection/g)).toHaveLength(1);
  expect(stdout).toContain(
    "! GET config: 127.0.0.1:9 refuses the connection; this plan uses the control plane's last good answers",
  );
  expect([exitCode, stderr]).toEqual([1, '']);
  expect(stdout).toContain('nothing to do');
});
