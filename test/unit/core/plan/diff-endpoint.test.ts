import { expect, it } from 'vitest';
import { parseEndpoint } from '../../../../src/core/model/values/endpoint.js';
import { endpointDiffers } from '../../../../src/core/plan/diff-endpoint.js';

// WireGuard makes a new handshake every 120 s and tries for 15 s more.
it('a peer that sends from another address keeps it while its handshake is less than 135 s old', () => {
  const wanted = parseEndpoint('192.0.2.1:51820');
  const peer = { endpoint: '198.51.100.9:51820', latestHandshakeSeconds: 1000 };
  const facts = { resolved: new Map(), lastEndpoint: '192.0.2.1:51820', dial: undefined };
  const differsAt = (nowSeconds: number) =>
    endpointDiffers(wanted, '192.0.2.1:51820', peer as never, { ...facts, nowSeconds });
  expect([differsAt(1134), differsAt(1135)]).toEqual([false, true]);
});
