import { describe, expect, it } from 'vitest';
import { parseNetworkTotals, readNetworkTotals } from '../../../src/platform/network-totals.js';

const dev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  999       9    0    0    0     0          0         0      999       9    0    0    0     0       0          0
  eth0: 1000      10    0    0    0     0          0         0     2000      20    0    0    0     0       0          0
wg_24001:5      1    0    0    0     0          0         0     6       1    0    0    0     0       0          0
`;
const sockets = `sockets: used 31
TCP: inuse 4 orphan 0 tw 0 alloc 13 mem 89
UDP: inuse 2 mem 0
UDPLITE: inuse 100
TCP6: inuse 1
UDP6: inuse 3
UDPLITE6: inuse 100
`;

describe('network totals', () => {
  it('are of all interfaces but lo, and of both families', () => {
    expect(parseNetworkTotals(dev, sockets)).toEqual({
      rxBytes: 1005,
      txBytes: 2006,
      tcpSockets: 5,
      udpSockets: 5,
    });
  });

  it.each([
    ['   eth0: x y z', sockets],
    ['  eth0: 1 2 3', sockets],
  ])('are not known from what is something else: %j', (text, more) => {
    expect(parseNetworkTotals(text, more)).toBeUndefined();
  });

  it('are not known where there is no such file', async () => {
    await expect(readNetworkTotals('/nonexistent')).resolves.toBeUndefined();
  });
});
