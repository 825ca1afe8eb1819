// A control plane that answers with files, and writes down what it is told. Run in the node's own namespace:
//   node fixture-server.mjs DIRECTORY PORT TOKEN DIALECT
// Answers come from DIRECTORY/<call>.json, read anew each time and written in the documented dialect; what is posted goes
// to DIRECTORY/posts.jsonl as it came. A `modify` changes its row in DIRECTORY/sessions.json, as the control planes do.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [directory, port, token, dialectName] = process.argv.slice(2);

// The numbers that a list may have in both: disabled, active, error, ..., setup failed.
const moenetCoreStatus = [1, 2, 6, 3, 4, 5, 6];
// Its way back: what an agent tells, in the documented numbers.
const documentedStatus = { 0: 0, 1: 0, 2: 1, 6: 2 };
// What an agent may tell moenet-core of a row, by the row's status in the documented numbers; 0 always.
const transitions = { 4: [1, 2], 1: [2], 2: [1, 2], 6: [1, 2] };

const dialects = {
  documented: {
    path: /^\/agent\/jp1\/([a-z/-]+)$/,
    wrap: (_status, _call, body) => body,
    modify: ({ uuid, status }) => change(uuid, status) ?? [200, {}],
  },
  'moenet-core': {
    path: /^\/api\/v1\/agent\/(?:jp1\/([a-z/-]+)|(heartbeat))$/,
    wrap: (status, call, body) => {
      const code = status === 200 ? 0 : status;
      return {
        code,
        message: code === 0 ? 'Success' : (body.error ?? 'Error'),
        data: call === 'sessions' ? list(body) : body,
      };
    },
    modify: ({ uuid, status, observedEndpoint }) => {
      if (status === undefined && observedEndpoint !== undefined) return [200, { updated: true }];
      const to = documentedStatus[status];
      const from = sessions().find((row) => row.uuid === uuid)?.status;
      if (from !== undefined && to !== 0 && !transitions[from]?.includes(to))
        return [200, { updated: false, reason: 'invalid transition' }];
      return change(uuid, to) ?? [200, { updated: true }];
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
  if (request.headers.authorization !== `Bearer ${validToken()}`) return [401, {}];
  if (request.method === 'POST') {
    const told = JSON.parse(body);
    const answered = call === 'modify' ? dialect.modify(told) : [200, {}];
    appendFileSync(`${directory}/posts.jsonl`, `${JSON.stringify({ call, body: told })}\n`);
    return answered;
  }
  const file = `${directory}/${call}.json`;
  if (existsSync(file)) return [200, JSON.parse(readFileSync(file, 'utf8'))];
  return [404, call === 'bird-config' ? { error: 'No default BIRD policy configured' } : {}];
}

/** Another one from when a test writes it to DIRECTORY/token, as an operator of the control plane who makes a new one. */
function validToken() {
  const file = `${directory}/token`;
  return existsSync(file) ? readFileSync(file, 'utf8') : token;
}

function sessions() {
  const body = JSON.parse(readFileSync(`${directory}/sessions.json`, 'utf8'));
  return Array.isArray(body.sessions) ? body.sessions : [];
}

/** Gives a row a status, and takes it off the list at 0; the answer where there is no such row. */
function change(uuid, status) {
  const rows = sessions();
  if (!rows.some((row) => row.uuid === uuid)) return [404, { error: 'session not found' }];
  const changed = rows.map((row) => (row.uuid === uuid ? { ...row, status } : row));
  const kept = changed.filter((row) => row.uuid !== uuid || status !== 0);
  writeFileSync(`${directory}/sessions.json`, JSON.stringify({ sessions: kept }));
  return undefined;
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
