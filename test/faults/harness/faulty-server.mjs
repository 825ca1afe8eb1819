// The control plane of the fault tests: an HTTPS server that answers with files, and as badly as the file `fault` says,
// which may change at any time. Run in the node's own namespace:
//   node faulty-server.mjs DIRECTORY TOKEN [ADDRESS]
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:https';
import { answers } from './faulty-answers.mjs';

const [directory, token, address = '127.0.0.1'] = process.argv.slice(2);
const read = (file) => readFileSync(`${directory}/${file}`);
const certificate = (name) => ({ key: read(`${name}.key`), cert: read(`${name}.crt`) });
const trusted = certificate('trusted');
const wrong = certificate('wrong');

let fault = '';
const server = createServer(trusted, (request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const call = request.url === '/health' ? 'health' : /^\/agent\/\w+\/([a-z/-]+)$/.exec(request.url)?.[1];
    // Without a token, as everybody may ask.
    if (call !== 'health' && request.headers.authorization !== `Bearer ${token}`)
      return response.writeHead(401).end('{}');
    appendFileSync(`${directory}/requests.log`, `${request.url}\n`);
    if (request.method === 'POST') note(call, Buffer.concat(chunks).toString());
    // A client that gave up is no concern of the server's.
    response.on('error', () => undefined);
    (answers[fault] ?? well)(response, call, well);
  });
});

server.listen(18_443, address, () => console.log('listening'));
// To this host the agent must not say anything, least of all its token.
createHttpServer((request, response) => {
  appendFileSync(`${directory}/other-host.log`, `${request.url} ${JSON.stringify(request.headers)}\n`);
  response.end('{}');
}).listen(18_081, '127.0.0.2');
setInterval(lookForFault, 20);

function well(response, call) {
  const file = `${directory}/${call}.json`;
  const found =
    response.req.method === 'POST' || call === 'health' ? '{}' : existsSync(file) && readFileSync(file);
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(found || '{}');
}

function note(call, text) {
  appendFileSync(`${directory}/posts.jsonl`, `${JSON.stringify({ call, body: JSON.parse(text) })}\n`);
}

function lookForFault() {
  const wanted = existsSync(`${directory}/fault`) ? read('fault').toString().trim() : '';
  if (wanted === fault) return;
  if (fault === 'refused') server.listen(18_443, address);
  if (wanted === 'refused') server.close();
  if ([wanted, fault].includes('certificate')) {
    server.setSecureContext(wanted === 'certificate' ? wrong : trusted);
  }
  // Of those that are open neither name nor certificate is looked at again.
  if (/^(refused|certificate|DNS)/.test(wanted)) server.closeAllConnections();
  fault = wanted;
}
