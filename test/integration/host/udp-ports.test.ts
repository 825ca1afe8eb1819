import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openUdpPorts } from '../../../src/adapters/proc/udp-ports.js';
import type { UdpPorts } from '../../../src/shell/ports/host.js';
import { named, openTunnelHost } from './tunnel-host.js';

let host: Awaited<ReturnType<typeof openTunnelHost>>;
let ports: UdpPorts;
beforeAll(async () => {
  host = await openTunnelHost('udp-ports');
  ports = openUdpPorts({ net: `/proc/${host.namespace.pid}/net` });
});
afterAll(() => host.close());

/** A program in the host that listens on a UDP port until it is ended. */
async function listen(port: number, address: string) {
  const family = address.includes(':') ? 'udp6' : 'udp4';
  const script = `require('dgram').createSocket('${family}').bind(${port}, '${address}', () => console.log('bound'))`;
  const child = host.namespace.spawn('node', ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout ?? child, 'data');
  return child;
}

it('the program that listens on a port is named, in both families, whatever address it has', async () => {
  await host.namespace.run('ip', ['link', 'set', 'lo', 'up']);
  const [one, other] = [await listen(24001, '127.0.0.1'), await listen(24002, '::')];
  try {
    expect(await ports.holders([24001, 24002, 24003])).toEqual(
      new Map([
        [24001, `node (pid ${one.pid})`],
        [24002, `node (pid ${other.pid})`],
      ]),
    );
    expect(await ports.holders([24003])).toEqual(new Map());
  } finally {
    for (const child of [one, other]) {
      child.kill();
      await once(child, 'exit');
    }
  }
  expect(await ports.holders([24001, 24002])).toEqual(new Map());
});

it('WireGuard’s own sockets are listed too, so the agent does not ask for its own ports', async () => {
  await host.create(named('wg_1'));
  await host.namespace.run('wg', ['set', 'wg_1', 'listen-port', '24010']);
  await host.namespace.run('ip', ['link', 'set', 'wg_1', 'up']);
  expect((await ports.holders([24010])).get(24010)).toMatch(/^wireguard-go \(pid \d+\)$/);
});

it('a socket that no process shows is named by its user, and an unprintable name is made printable', async () => {
  const proc = await mkdtemp(join(tmpdir(), 'moenet-proc-'));
  try {
    const line = (port: string, inode: number) =>
      ` 1: 00000000:${port} 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 ${inode} 2 0 0\n`;
    await mkdir(join(proc, 'net'));
    await writeFile(join(proc, 'net/udp'), `head\n${line('5DC1', 77)}${line('5DC2', 78)}`);
    await mkdir(join(proc, '412/fd'), { recursive: true });
    await writeFile(join(proc, '412/comm'), 'ev\u001b[2Jil\n');
    await symlink('socket:[78]', join(proc, '412/fd/3'));
    const found = await openUdpPorts({ net: join(proc, 'net'), processes: proc }).holders([24001, 24002]);
    expect(found).toEqual(
      new Map([
        [24001, 'another program (of user 101)'],
        [24002, 'ev?[2Jil (pid 412)'],
      ]),
    );
  } finally {
    await rm(proc, { recursive: true });
  }
});
