import { expect, it } from 'vitest';
import { bgpProtocol } from '../../../../src/core/explain/bgp-protocol.js';
import type { BirdProtocol } from '../../../../src/core/model/observed.js';

const established: BirdProtocol = {
  name: 'dn42_4242421080',
  proto: 'BGP',
  state: 'up',
  since: '2026-11-26 08:00:00.123',
  info: 'Established',
  disabled: false,
  bgp: {
    state: 'Established',
    neighborAddress: 'fe80::2',
    neighborAs: 4242421080,
    lastError: undefined,
  },
  channels: [],
};

const lines = `  BGP state:          Established
    Local capabilities
      Multiprotocol
        AF announced: ipv4 ipv6
      Route refresh
      Graceful restart
      4-octet AS numbers
    Neighbor capabilities
      Multiprotocol
        AF announced: ipv4 ipv6
      4-octet AS numbers
      Enhanced refresh
    Session:          external AS4
    Hold timer:       71.563/90`.split('\n');

it('a capability is offered by both ends, only by us, or only by the neighbor', () => {
  expect(bgpProtocol('dn42_4242421080', established, lines).capabilities).toEqual({
    both: ['Multiprotocol (ipv4 ipv6)', '4-octet AS numbers'],
    onlyUs: ['Route refresh', 'Graceful restart'],
    onlyNeighbor: ['Enhanced refresh'],
  });
});

it('its state is that of BGP, in words, with the timers that BIRD shows', () => {
  expect(bgpProtocol('dn42_4242421080', established, lines)).toMatchObject({
    name: 'dn42_4242421080',
    state: 'Established',
    stateWords: 'the session is up',
    since: '2026-11-26 08:00:00.123',
    lastError: undefined,
    lastErrorWords: undefined,
    timers: ['Hold timer: 72 s left of 90 s'],
  });
});

it('its last error is told as BIRD has it, and in words', () => {
  const lastError = 'Received: Administrative shutdown';
  const bgp = { state: 'Idle', neighborAddress: 'fe80::2', neighborAs: 4242421080, lastError };
  expect(bgpProtocol('dn42_4242421080', { ...established, state: 'start', bgp }, [])).toMatchObject({
    state: 'Idle',
    lastError,
    lastErrorWords: 'the neighbor has shut the session down',
    capabilities: undefined,
  });
});

it('one without BGP details has the state of the protocol; one that BIRD does not have is not running', () => {
  const state = (protocol: BirdProtocol | undefined) => bgpProtocol('dn42_4242421080', protocol, []).state;
  expect(state({ ...established, state: 'down', bgp: undefined })).toBe('down');
  expect(state(undefined)).toBe('not running');
});
