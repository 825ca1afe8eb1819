import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** What the proxy was asked: `CONNECT cp.example.net:443` or `GET http://cp.example.net/health`, and with which headers. */
interface AskedOfProxy {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
}

export interface ForwardProxy {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly asked: AskedOfProxy[];
  /** What it answers instead of doing what it is asked; undefined: it does it. */
  refuse: number | undefined;
  close(): Promise<void>;
}

/** A real HTTP proxy on loopback (RFC 9110, section 9.3.6; RFC 9112, section 3.2.2). It leads every name to `target`. */
export async function openForwardProxy(target: { readonly port: number }): Promise<ForwardProxy> {
  const sockets = new Set<Socket>();
  const asked: AskedOfProxy[] = [];
  const server = createServer((incoming, response) => {
    asked.push({ line: `${incoming.method} ${incoming.url}`, headers: incoming.headers });
    if (proxy.refuse !== undefined) return response.writeHead(proxy.refuse).end('the proxy says no');
    const { pathname, search } = new URL(incoming.url ?? '');
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const options = { host: '127.0.0.1', port: target.port, method: incoming.method, headers };
    const onward = request({ ...options, path: pathname + search }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    return incoming.pipe(onward);
  });
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    asked.push({ line: `CONNECT ${incoming.url}`, headers: incoming.headers });
    if (proxy.refuse !== undefined) return socket.end(`HTTP/1.1 ${proxy.refuse} No\r\n\r\n`);
    const onward = connect(target.port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    sockets.add(onward);
    for (const each of [socket, onward]) each.on('error', () => undefined);
    return undefined;
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: ForwardProxy = {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    refuse: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return proxy;
}
