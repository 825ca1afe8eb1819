// The bad answers by the name of their fault; those that are not here are of the connection, or answer well.
import { existsSync, writeFileSync } from 'node:fs';

const mebibyte = Buffer.alloc(1024 * 1024, ' ');
// How many of a crowd get a tunnel; the rest is pending review, for each wireguard-go takes an inotify instance.
const realInCrowd = 16;
let polls = 0;

export const answers = {
  'hangs before headers': () => undefined,
  'hangs in the body': (response) => response.writeHead(200).write('{"sessions": ['),
  dribbles: (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(' '), 200);
    response.on('close', () => clearInterval(timer));
  },
  'breaks off in the body': (response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('{"sessions": [', () => response.destroy());
  },
  401: plain(401),
  403: plain(403),
  404: plain(404),
  429: plain(429),
  '429 with Retry-After: 2': plain(429, '{"error": "slow down"}', { 'retry-after': '2' }),
  '429 with Retry-After: 3600': plain(429, '{"error": "slow down"}', { 'retry-after': '3600' }),
  500: plain(500),
  '502 with an HTML page': plain(502, '<html><body><h1>502 Bad Gateway</h1></body></html>', {
    'content-type': 'text/html',
  }),
  'an envelope with code 401': plain(200, '{"code": 401, "message": "token revoked", "data": null}'),
  'an envelope with code 500': plain(200, '{"code": 500, "message": "database is locked", "data": null}'),
  'truncated JSON': plain(200, '{"sessions": [{"uuid": "abc-1'),
  'an HTML page with 200': plain(200, '<!doctype html><p>Welcome to nginx!'),
  'wrong types': plain(200, '[1, "two", null]'),
  'sessions that are no list': only('sessions', '{"sessions": "none"}'),
  'sessions with wrong values': sessions((session) => ({ ...session, asn: {}, status: 'on', port: -1 })),
  'an edit whose answer is not taken': (response, call, well) =>
    call === 'modify'
      ? response.end('{"updated": false, "reason": "invalid transition"}')
      : queuedAgain(response, call, well),
  'an empty list': only('sessions', '{"sessions": []}'),
  'a crowd left out': crowd(() => []),
  'a crowd to delete': crowd((session) => (session.status === 4 ? [{ ...session, status: 5 }] : [])),
  '100 MB body': async (response) => {
    response.writeHead(200);
    for (let sent = 0; sent < 100 && !response.destroyed; sent++) {
      if (response.write(mebibyte)) continue;
      await new Promise((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    }
    response.end('{}');
  },
  'health held for 3 s while BIRD is on trial': heldHealth(3, isBirdOnTrial),
  'health held for 30 s while BIRD is on trial': heldHealth(30, isBirdOnTrial),
  'health held for 30 s': heldHealth(30, () => true),
  'redirect to another host': (response) =>
    response.writeHead(302, { location: `http://127.0.0.2:18081${response.req.url}` }).end(),
};

/** Every session that runs is queued for setup again, as after an edit. */
const queuedAgain = sessions((session) => ({
  ...session,
  status: session.status === 1 ? 4 : session.status,
}));

function plain(status, text = '{"error": "as the test wants it"}', headers = {}) {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

function only(wanted, text) {
  return (response, call, well) => (call === wanted ? response.end(text) : well(response, call));
}

/** As after a change: the node can be sure of its control plane only after a while. */
function heldHealth(seconds, isHeld) {
  return (response, call, well) => {
    if (call !== 'health' || !isHeld()) return well(response, call);
    writeFileSync(`${process.argv[2]}/health-held`, '');
    setTimeout(() => response.end('{}'), seconds * 1000);
  };
}

function isBirdOnTrial() {
  return existsSync(`${process.argv[2]}/bird/.moenet-agent.previous/journal.json`);
}

/** At every other poll a thousand sessions more, and at the polls between them what `leave` makes of these. */
function crowd(leave) {
  const all = Array.from({ length: 1000 }, (_, index) => crowdMember(index));
  return (response, call, well) => {
    if (call !== 'sessions') return well(response, call);
    polls += 1;
    return replaceSessions(response, well, (list) => [
      ...list,
      ...(polls % 2 === 1 ? all : all.flatMap(leave)),
    ]);
  };
}

function crowdMember(index) {
  return {
    uuid: `crowd-${index}`,
    asn: 4242421100 + index,
    status: index < realInCrowd ? 4 : 3,
    ipv6LinkLocal: `fe80::c:${index.toString(16)}`,
    mtu: 1420,
    interface: `wg_c${index}`,
    endpoint: '192.0.2.60:51820',
    port: 26_000 + index,
    credential: { publicKey: Buffer.alloc(32, `crowd ${index} `).toString('base64') },
    type: 'wireguard',
    extensions: ['mp-bgp', 'extended-nexthop'],
  };
}

/** The sessions as they are, each changed; all other calls go well. */
function sessions(change) {
  return (response, call, well) => {
    if (call !== 'sessions') return well(response, call);
    return replaceSessions(response, well, (list) => list.map(change));
  };
}

function replaceSessions(response, well, replace) {
  const { end } = response;
  response.end = (text) =>
    end.call(response, JSON.stringify({ sessions: replace(JSON.parse(text).sessions) }));
  well(response, 'sessions');
}
