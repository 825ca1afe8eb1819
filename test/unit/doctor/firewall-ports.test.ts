import { expect, it } from 'vitest';
import { toBirdText } from '../../../src/core/model/values/bird-text.js';
import { portsOf } from '../../../src/doctor/checks/firewall.js';
import { makeEntry, peerKey } from '../make.js';

it('the firewall must let in the ports of sessions, and those of the tunnels to our own nodes', () => {
  const peer = {
    nodeId: 2,
    nodeName: toBirdText('hk1'),
    publicKey: peerKey,
    endpoint: undefined,
    mtu: 1420,
    loopbackIpv4: undefined,
    loopbackIpv6: undefined,
    isRouteReflector: false,
  };
  const sessions = [makeEntry({ listenPort: 24_001 })];
  expect(portsOf({ sessions, mesh: { peers: [peer], refused: [] } })).toEqual([24_001, 51_822]);
  expect(portsOf({ sessions: undefined, mesh: undefined })).toEqual([]);
});
