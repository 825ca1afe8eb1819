import { createServer } from 'node:net';
import type { Answer } from './loopback-server.js';

type Response = Parameters<Answer>[0];

export function drip(response: Response, status = 200) {
  response.writeHead(status);
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}

export function cutOff(response: Response, headers: Record<string, string> = {}) {
  response.writeHead(200, headers).write('{"sessions": [', () => response.socket?.destroy());
}

export function flood(response: Response, status = 200) {
  response.writeHead(status);
  const part = Buffer.alloc(64 * 1024, 'x');
  const more = () => {
    while (!response.destroyed && response.write(part));
  };
  response.on('drain', more);
  more();
}

export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
