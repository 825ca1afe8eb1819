// A control plane that answers with files, and writes down what it is told. Run in the node's own namespace:
//   node fixture-server.mjs DIRECTORY PORT TOKEN DIALECT
// Answers come from DIRECTORY/<call>.json, read anew each time and written in the documented dialect; what is posted goes
// to DIRECTORY/posts.jsonl as it came.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [directory, port, token, dialectName] = process.argv.slice(2);

// The numbers that a list may have in both: disabled, active, error, ..., setup failed.
const moenetCoreStatus = [1, 2, 6, 3, 4, 5, 6];

const dialects = {
  documented: {
    path: /^\/agent\/jp1\/([a-z/-]+)$/,
    wrap: (_status, _call, body) => body,
  },
  'moenet-core': {
    path: /^\/api\/v1\/agent\/(?:jp1\/([a-z/-]+)|(heartbeat))$/,
    wrap: (status, call, body) => {
      const code = status === 200 ? 0 : status;
      return {
        code,
        message: code === 0 ? 'Success' : 'Error',
        data: call === 'sessions' ? list(body) : body,
      };
    },
  },
};

const dialect = dialects[dialectName];

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const match = dialect.path.exec(request.url);
    if (!match) return response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
    const call = match[1] ?? 'heartbeat-data';
    const [status, body] = answer(request, call, Buffer.concat(chunks).toString());
    const text = JSON.stringify(dialect.wrap(status, call, body));
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
}).listen(Number(port), '127.0.0.1', () => console.log('listening'));

function answer(request, call, body) {
  if (request.headers.authorization !== `Bearer ${token}`) return [401, {}];
  if (request.method === 'POST') {
    appendFileSync(`${directory}/posts.jsonl`, `${JSON.stringify({ call, body: JSON.parse(body) })}\n`);
    return [200, {}];
  }
  const file = `${directory}/${call}.json`;
  return existsSync(file) ? [200, JSON.parse(readFileSync(file, 'utf8'))] : [404, {}];
}

/** The same sessions, as the other control plane's database has them. */
function list(body) {
  if (!Array.isArray(body.sessions)) return body;
  const bgpSessions = body.sessions.map(({ status, credential, extensions = [], ...rest }) => ({
    ...rest,
    status: moenetCoreStatus[status],
    credential: JSON.stringify({ public_key: credential.publicKey, preshared_key: null }),
    extensions: extensions.map((name) => name.replaceAll('-', '_')),
  }));
  return { bgpSessions };
}
