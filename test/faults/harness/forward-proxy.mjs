// An HTTP proxy that lets nothing but tunnels through (RFC 9110, section 9.3.6), to those who log in:
//   node forward-proxy.mjs ADDRESS PORT LOGIN LOG
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';

const [address, port, login, log] = process.argv.slice(2);
const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
const note = (request) =>
  appendFileSync(log, `${request.method} ${request.url} ${JSON.stringify(request.headers)}\n`);

const server = createServer((request, response) => {
  note(request);
  response.writeHead(405).end();
});
server.on('connect', (request, socket) => {
  note(request);
  socket.on('error', () => undefined);
  if (request.headers['proxy-authorization'] !== authorization)
    return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  const [host, onPort] = request.url.split(':');
  const onward = connect(Number(onPort), host, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(onward).pipe(socket);
  });
  return onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
});
server.listen(Number(port), address, () => console.log('listening'));
