import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { run } from '../../../src/platform/exec.js';

/** An HTTPS server on loopback whose certificate nobody trusts. */
export async function openTlsServer(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Duplex>();
  const server = createServer(await makeCertificate(), (_, response) => void response.end('{"sessions":[]}'));
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function makeCertificate() {
  const directory = await mkdtemp(join(tmpdir(), 'moenet-tls-'));
  const [key, cert] = [join(directory, 'key'), join(directory, 'cert')];
  try {
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    await run('openssl', [
      'req',
      '-x509',
      ...kind,
      '-subj',
      '/CN=cp.example.net',
      '-keyout',
      key,
      '-out',
      cert,
    ]);
    return { key: await readFile(key), cert: await readFile(cert) };
  } finally {
    await rm(directory, { recursive: true });
  }
}
