// A small authoritative name server for `lab.dn42` over UDP (RFC 1035), run inside a namespace:
//   node dns-server.mjs ADDRESS
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const types = { 1: 'A', 2: 'NS', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA' };
const records = {
  'web.lab.dn42 A': [ipv4('172.21.80.1')],
  'web.lab.dn42 AAAA': [Buffer.from('fd42108000000000000000000000ffff'.padEnd(32, '0').slice(0, 32), 'hex')],
  'lab.dn42 MX': [Buffer.concat([number(10), name('web.lab.dn42')])],
  'lab.dn42 TXT': [text('hello "lab"')],
  '1.80.21.172.in-addr.arpa PTR': [name('web.lab.dn42')],
  'inside.lab.dn42 A': [ipv4('127.0.0.1')],
};
const names = new Set(Object.keys(records).map((key) => key.split(' ')[0]));

const server = createSocket('udp4');
server.on('message', (query, { port, address }) => server.send(answer(query), port, address));
// TCP is open, and nothing more.
createServer((socket) => socket.destroy()).listen(53, process.argv[2]);
server.bind(53, process.argv[2], () => console.log('listening'));

function answer(query) {
  let at = 12;
  const labels = [];
  while (query[at] > 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
    at += 1 + query[at];
  }
  const asked = labels.join('.').toLowerCase();
  const type = query.readUInt16BE(at + 1);
  const found = records[`${asked} ${types[type]}`] ?? [];
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  // Response, authoritative; NXDOMAIN for names that are not there.
  head.writeUInt16BE(0x8400 | (names.has(asked) ? 0 : 3), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(found.length, 6);
  const question = query.subarray(12, at + 5);
  return Buffer.concat([head, question, ...found.map((data) => record(type, data))]);
}

/** With a pointer to the question's name, class IN and an hour to live. */
function record(type, data) {
  return Buffer.concat([
    Buffer.from([0xc0, 12]),
    number(type),
    number(1),
    number(0),
    number(3600),
    number(data.length),
    data,
  ]);
}

function ipv4(address) {
  return Buffer.from(address.split('.').map(Number));
}

function number(value) {
  return Buffer.from([value >> 8, value & 255]);
}

function name(domain) {
  return Buffer.concat([...domain.split('.').map(text), Buffer.from([0])]);
}

function text(value) {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
}
