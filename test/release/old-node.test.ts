import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import packageJson from '../../package.json?raw';
import { run } from '../../src/platform/exec.js';
import { nodeOf } from './old-node.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

// 12.0 takes every file for CommonJS, 18 knows most of the syntax, 20.18 lacks only what came after it.
it.each(['12.0.0', '18.20.8', '20.18.3'])(
  'Node %s is told in one line that it is too old',
  async (version) => {
    const node = await nodeOf(version);
    const { stdout, stderr, exitCode } = await run(node, [main, 'status'], {
      okExitCodes: [1],
      timeoutMs: 30_000,
    });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `moenet-agent: Node ${version} (${node}) is too old. Install Node 20.19 or newer; moenet-agent's Debian package and its single executable need none.`,
    );
  },
);

it('the oldest Node that package.json allows runs the program', async () => {
  const { engines, version } = JSON.parse(packageJson);
  expect(engines.node).toBe('>=20.19');
  const { stdout } = await run(await nodeOf('20.19.0'), [main, '--version'], { timeoutMs: 30_000 });
  expect(stdout).toContain(version);
});
