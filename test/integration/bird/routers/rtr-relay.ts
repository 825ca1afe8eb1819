import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Namespace } from '../../../../src/lab/namespace.js';
import type { RtrCache } from '../../../../src/lab/rtr-server.js';

// Unix sockets reach across network namespaces. The program says "ready" once it listens.
const relay = `
  const { connect, createServer } = require('node:net');
  const [path, port] = process.argv.slice(1);
  const server = createServer((router) => {
    const cache = connect(path);
    router.pipe(cache).pipe(router);
    for (const socket of [router, cache]) socket.on('error', () => socket.destroy());
  });
  server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready'));
`;

/** Makes a cache of this process answer on 127.0.0.1 inside a namespace. Returns how to end that. */
export async function serveInside(
  namespace: Namespace,
  port: number,
  cache: RtrCache,
): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-rtr-'));
  const path = join(directory, 'cache.sock');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    cache.serve(socket);
  }).listen(path);
  await once(server, 'listening');
  const child = namespace.spawn(process.execPath, ['-e', relay, path, String(port)]);
  if (child.stdout) await once(child.stdout, 'data');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(directory, { recursive: true });
  };
}
