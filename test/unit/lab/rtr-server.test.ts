import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RtrServer, startRtrServer } from '../../../src/lab/rtr-server.js';

const ipv4Roa = { prefix: '172.21.1.0/24', maxLength: 28, asn: 4242420001 };
const ipv6Roa = { prefix: 'fd42:1::/48', maxLength: 48, asn: 4242420001 };

let server: RtrServer;
let router: Socket;

beforeEach(async () => {
  server = await startRtrServer({ host: '127.0.0.1', port: 0, roas: [ipv4Roa, ipv4Roa] });
  router = connect(server.port, '127.0.0.1');
  await once(router, 'connect');
});

afterEach(async () => {
  router.destroy();
  await server.close();
});

const send = (pdu: string) => router.write(bytesOf(pdu));
const bytesOf = (pdus: string) => Buffer.from(pdus.replace(/\s/g, ''), 'hex');

/** Reads just as much as is expected, and compares. PDUs as RFC 8210, section 5, draws them. */
async function expectAnswer(...pdus: readonly string[]): Promise<void> {
  const wanted = bytesOf(pdus.join(''));
  let received = Buffer.alloc(0);
  while (received.length < wanted.length) {
    received = Buffer.concat([received, (await once(router, 'data'))[0]]);
  }
  expect(received.toString('hex')).toBe(wanted.toString('hex'));
}

const resetQuery = '01 02 0000 00000008';
const serialQuery = (session: string, serial: string) => `01 01 ${session} 0000000c ${serial}`;
const cacheResponse = '01 03 0001 00000008';
const ipv4Prefix = (flags: string) => `01 04 0000 00000014 ${flags} 18 1c 00 ac150100 fcde3121`;
const ipv6Prefix = '01 06 0000 00000020 01 30 30 00 fd420001 00000000 00000000 00000000 fcde3121';
const endOfData = (serial: string) => `01 07 0001 00000018 ${serial} 00000e10 00000258 00001c20`;

describe('an RTR server', () => {
  it('tells each ROA once to a router that asks for everything', async () => {
    send(resetQuery);
    await expectAnswer(cacheResponse, ipv4Prefix('01'), endOfData('00000000'));
  });

  it('answers version 0 to a router that asks in it', async () => {
    send('00 02 0000 00000008');
    const prefix = '00 04 0000 00000014 01 18 1c 00 ac150100 fcde3121';
    await expectAnswer('00 03 0001 00000008', prefix, '00 07 0001 0000000c 00000000');
  });

  it('refuses a version that it does not speak, naming its own', async () => {
    send('02 02 0000 00000008');
    await expectAnswer('01 0a 0004 00000010 00000000 00000000');
  });

  it('notifies a router of an update and then tells only what changed', async () => {
    send(resetQuery);
    await expectAnswer(cacheResponse, ipv4Prefix('01'), endOfData('00000000'));
    server.update([ipv6Roa]);
    await expectAnswer('01 00 0001 0000000c 00000001');
    send(serialQuery('0001', '00000000'));
    await expectAnswer(cacheResponse, ipv4Prefix('00'), ipv6Prefix, endOfData('00000001'));
  });

  it.each([
    ['of another session', serialQuery('0007', '00000000')],
    ['that it never had', serialQuery('0001', '00000009')],
  ])('makes a router start again from a serial number %s', async (_, query) => {
    send(query);
    await expectAnswer('01 08 0000 00000008');
  });

  it('understands queries that come in pieces or together', async () => {
    send('01 01 0001 0000');
    send('000c 00000000 01 01 0001 0000000c 00000000');
    const nothingNew = [cacheResponse, endOfData('00000000')];
    await expectAnswer(...nothingNew, ...nothingNew);
  });

  it('hangs up on a router that makes no sense', async () => {
    send('01 02 0000 00000003');
    await once(router, 'close');
  });
});
