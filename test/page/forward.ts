import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Brings a unix socket to a port of the loopback, as `ssh -L` does. */
export async function forward(socketPath: string): Promise<{ readonly base: string; close(): void }> {
  const open = new Set<Socket>();
  const server = createServer((from) => {
    const to = connect(socketPath);
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy()).on('close', () => open.delete(one) && other.destroy());
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}/`,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
