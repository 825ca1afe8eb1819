import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBird } from '../../../src/adapters/bird/open-bird.js';
import { findDaemon } from '../../../src/adapters/bird/restart/find-daemon.js';
import { openKernelRoutes } from '../../../src/adapters/kernel-routes/kernel-routes.js';
import { askBird } from '../../../src/lab/hosts/bird-socket.js';
import { watchRoute } from '../../../src/lab/hosts/watch-route.js';
import { systemClock } from '../../../src/platform/clock.js';
import { restartBird } from '../../../src/shell/operations/restart-bird.js';
import { openNeighbor, type Router, routes, until } from '../../recovery/neighbor.js';
import { filesOf } from '../../recovery/node.js';
import { openPath, type Path } from '../../recovery/path.js';
import { watchTable } from '../../recovery/trials.js';

let path: Path;
let neighbor: Router;
let base = '';
const never = new AbortController().signal;

beforeEach(async () => {
  path = await openPath();
  base = await mkdtemp(join(tmpdir(), 'moenet-restart-'));
  await chmod(base, 0o755);
  for (const [file, text] of await filesOf('ours')) {
    await mkdir(dirname(join(base, 'etc', file)), { recursive: true });
    await writeFile(join(base, 'etc', file), text);
  }
  for (const name of ['peers', 'ibgp.d']) await mkdir(join(base, 'etc', name), { recursive: true });
  neighbor = await openNeighbor(path.neighbor, { kind: 'bird', bird: 'bird' });
  await neighbor.start();
});

afterEach(async () => {
  const daemon = await findDaemon(socket(), net()).catch(() => undefined);
  if (daemon) process.kill(daemon.pid, 'SIGKILL');
  await neighbor.stop();
  await path.close();
  await rm(base, { recursive: true });
});

const socket = () => join(base, 'bird.ctl');
const net = () => `/proc/${path.node.pid}/net`;
const has = async (prefix: string) => (await askBird(socket(), `show route ${prefix}`)).includes(prefix);
const isUp = async () => (await has(routes.neighbor)) && (await neighbor.hasRoute());
const running = async () => (await findDaemon(socket(), net())).pid;

/** As an init script starts it, in the background, or with `-f`. */
async function start(...options: readonly string[]): Promise<void> {
  const args = ['-c', join(base, 'etc/bird.conf'), '-s', socket(), '-u', 'root', ...options];
  path.node.spawn('bird', args, { stdio: 'ignore' });
  await until(() => isUp().catch(() => false));
}

function restart() {
  const bird = openBird({
    configDir: join(base, 'etc'),
    controlSocket: socket(),
    mode: 'full',
    run: path.node.run,
    net: net(),
  });
  return restartBird(
    { bird, kernelRoutes: openKernelRoutes({ procNet: net(), run: path.node.run }), clock: systemClock },
    never,
  );
}

describe('a graceful restart of BIRD', () => {
  it('loses no route, neither at the neighbor nor in the kernel, and says so', async () => {
    await start();
    const before = await running();
    const kernel = watchRoute(path.node, (prefix) => prefix === routes.neighbor);
    const table = watchTable(neighbor);
    const result = await restart();
    const lostMs = await table.stop();
    kernel.stop();
    expect(result).toMatchObject({
      ok: true,
      errors: [],
      sessions: { before: 1, after: 1, lost: [] },
      routes: { lost: 0 },
    });
    expect(result.routes?.fewest).toBe(result.routes?.before);
    expect(kernel.leftAtMs).toEqual([]);
    // A single look of ten a second may find a busy daemon silent.
    expect(lostMs).toBeLessThan(1_000);
    const after = await running();
    expect(after).not.toBe(before);
    expect((await readFile(`/proc/${after}/cmdline`, 'utf8')).split('\0')).toContain('-R');
    expect(await askBird(socket(), 'show status')).not.toContain('recovery in progress');
    expect(await isUp()).toBe(true);
  });

  it('does not begin if what started BIRD would restart it without recovery', async () => {
    await start('-f');
    const before = await running();
    const { ok, errors } = await restart();
    expect(ok).toBe(false);
    expect(errors[0]).toMatch(/runs in the foreground.*Do it by hand: birdc graceful restart.* -f -R$/);
    expect(await running()).toBe(before);
    expect(await isUp()).toBe(true);
  });

  it('does not begin if the installed BIRD refuses the configuration', async () => {
    await start();
    const before = await running();
    await writeFile(join(base, 'etc/peers/other.conf'), 'protocol nonsense { }\n');
    const { errors } = await restart();
    expect(errors[0]).toMatch(
      /^BIRD runs on: the installed BIRD does not take the configuration: .*other\.conf/s,
    );
    expect(await running()).toBe(before);
    expect(await isUp()).toBe(true);
  });

  it('does not begin while an operator has a configuration on trial', async () => {
    await start();
    await askBird(socket(), 'configure timeout 60');
    const { errors } = await restart();
    expect(errors[0]).toMatch(/on trial in BIRD/);
    expect(await isUp()).toBe(true);
  });
});
