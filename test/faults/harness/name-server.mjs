// The name server of the fault tests: every name has one address, and none at all while the file `fault` speaks of DNS.
//   node name-server.mjs DIRECTORY
import { createSocket } from 'node:dgram';
import { existsSync, readFileSync } from 'node:fs';

const [directory] = process.argv.slice(2);
const headLength = 12;
const typeA = 1;
const server = createSocket('udp4');

server.on('message', (query, { port, address }) => {
  const fault = existsSync(`${directory}/fault`) ? readFileSync(`${directory}/fault`, 'utf8') : '';
  if (fault === 'DNS is silent') return;
  server.send(answerTo(query, fault === 'DNS fails'), port, address);
});
server.bind(53, '127.0.0.1', () => console.log('listening'));

/** RFC 1035, section 4: the head and the question come back, with the answer behind them. */
function answerTo(query, fails) {
  const nameEnd = query.indexOf(0, headLength) + 1;
  const question = query.subarray(headLength, nameEnd + 4);
  const hasAddress = !fails && question.readUInt16BE(question.length - 4) === typeA;
  const head = Buffer.from(query.subarray(0, headLength));
  head.writeUInt16BE(fails ? 0x8182 : 0x8180, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(hasAddress ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const record = Buffer.from('c00c00010001000000010004', 'hex');
  return Buffer.concat(hasAddress ? [head, question, record, addressOf(question)] : [head, question]);
}

/** The control plane is on this node, everybody else elsewhere. */
function addressOf(question) {
  return Buffer.from(question.includes('control') ? [127, 0, 0, 1] : [192, 0, 2, 60]);
}
