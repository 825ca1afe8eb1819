import { expect, it } from 'vitest';
import { parseUdpSockets } from '../../../../src/adapters/proc/udp-ports.js';

// As the kernel prints them: a resolver on 127.0.0.53, DHCP on one interface, a client that is connected, WireGuard on ::.
const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 1243: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 18273 2 0000000000000000 0
 1258: 0501630A:0044 00000000:0000 07 00000000:00000000 00:00000000 00000000   998        0 19345 2 0000000000000000 0
20347: 0501630A:BE21 0101A8C0:0035 01 00000000:00000000 00:00000000 00000000     0        0 20001 2 0000000000000000 0
`;
const udp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 3001: 00000000000000000000000000000000:CA6C 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 20777 2 0000000000000000 0
`;

it('the sockets that take packets from anybody are found, in both families', () => {
  expect(parseUdpSockets(udp)).toEqual([
    { port: 53, uid: 101, inode: '18273' },
    { port: 68, uid: 998, inode: '19345' },
  ]);
  expect(parseUdpSockets(udp6)).toEqual([{ port: 51820, uid: 0, inode: '20777' }]);
});

it('what is not of that form is nothing', () => {
  for (const text of ['', 'head\n', 'head\n\n 1: x\n', 'head\n 1: 0:ZZ 0:0 07 a b c d e f']) {
    expect(parseUdpSockets(text)).toEqual([]);
  }
});
