import { expect, it } from 'vitest';
import type { DesiredSession } from '../../../../src/core/desired/sessions.js';
import type { Observed } from '../../../../src/core/model/observed.js';
import { observedEndpoints } from '../../../../src/core/verdict/observed-endpoints.js';
import { makeSession, peerKey, v4 } from '../../make.js';

const observed = {
  nowSeconds: 1000,
  bird: { running: false, reason: '' },
  wireguard: [
    {
      interface: 'wg_24001',
      peers: [{ publicKey: peerKey, endpoint: '203.0.113.7:4000', latestHandshakeSeconds: 995 }],
    },
  ],
} as unknown as Observed;

function desired(part: Parameters<typeof makeSession>[0]): DesiredSession {
  const tunnel = { interface: 'wg_24001', peer: { publicKey: peerKey } };
  return { session: makeSession(part), tunnel } as DesiredSession;
}

// With `policy.neighborRanges` a tunnel may have public addresses.
it("a tunnel's own address is not where its peer is seen, be it public", () => {
  const seen = (part: Parameters<typeof makeSession>[0]) =>
    observedEndpoints([desired(part)], observed, undefined).map(({ address }) => address);
  expect(seen({ ipv4: v4('203.0.113.6') })).toEqual(['203.0.113.7']);
  expect(seen({ ipv4: v4('203.0.113.7') })).toEqual([]);
  expect(seen({ ipv4: v4('203.0.113.6'), localIpv4: v4('203.0.113.7') })).toEqual([]);
});
