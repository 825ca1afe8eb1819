import { expect, it } from 'vitest';
import { peerAdvice, type Symptoms } from '../../../../src/core/explain/peer-advice.js';

const well: Symptoms = {
  handshake: 'fresh',
  endpoint: '192.0.2.80:51820',
  unresolved: undefined,
  listenPort: 24001,
  ourKey: 'KEY=',
  theirKey: 'THEIRS=',
  hasPresharedKey: false,
  ourAsn: 4242420998,
  theirAsn: 4242421080,
  neighbor: 'fe80::2',
  ourAddress: 'fe80::998',
  isEstablished: true,
  isDisabled: false,
  lastError: undefined,
  pingLoss: 0,
  hasPassword: false,
  isPassive: false,
  lacks: { families: [], extendedNextHop: false },
  lacksGracefulRestart: false,
  refused: [],
  hitReceiveLimit: false,
};
const down: Symptoms = { ...well, isEstablished: false };

it('a session that works suggests nothing', () => {
  expect(peerAdvice(well)).toEqual([]);
});

it('a session that is disabled here suggests nothing', () => {
  expect(peerAdvice({ ...down, isDisabled: true, lastError: 'Socket: Connection refused' })).toEqual([]);
});

it.each<[string, Symptoms, RegExp]>([
  [
    'never answered',
    { ...down, handshake: 'never' },
    /192\.0\.2\.80:51820 answers no WireGuard handshake: .*a key is wrong at one end: .*its public key is THEIRS=.*public key KEY= is there and has no preshared key/,
  ],
  [
    'a name that does not resolve',
    { ...down, handshake: 'never', unresolved: 'peer.example.net' },
    /peer\.example\.net .* does not resolve, so this node cannot dial the peer: correct the endpoint/,
  ],
  [
    'a name that does not resolve any more',
    { ...well, unresolved: 'peer.example.net' },
    /peer\.example\.net of the session's endpoint does not resolve: .*the tunnel keeps the address/,
  ],
  [
    'never dialled',
    { ...down, handshake: 'never', endpoint: undefined },
    /no endpoint.*"Endpoint = <this node>:24001"/,
  ],
  ['went silent', { ...down, handshake: 'stale' }, /worked before.*192\.0\.2\.80:51820 is still its address/],
  [
    'refused',
    { ...down, lastError: 'Socket: Connection refused' },
    /start the BGP daemon there.*fe80::998 as 4242420998/,
  ],
  ['no address', { ...down, pingLoss: 1 }, /answers neither pings nor BGP: give .* the address fe80::2/],
  [
    'firewall',
    { ...down, lastError: 'Socket: Connection timed out' },
    /answers pings, but nobody answers BGP: TCP port 179 is closed there.*: let TCP port 179 in/,
  ],
  ['password', { ...down, hasPassword: true }, /answers pings.*has a password: .*same password/],
  [
    'password at the other end only',
    { ...down, lastError: 'Received: Other configuration change', pingLoss: undefined },
    /the tunnel works, but nobody answers BGP: .*only the neighbor has a password: .*take the password/,
  ],
  ['our AS', { ...down, lastError: 'Received: Bad peer AS' }, /expects another AS .* than AS4242420998: /],
  ['its AS', { ...down, lastError: 'BGP Error: Bad peer AS' }, /calls itself by another .* AS4242421080: /],
  ['role', { ...down, lastError: 'Received: Role mismatch' }, /set the role there/],
  ['shut', { ...down, lastError: 'Received: Administrative shutdown' }, /enable or configure the session/],
  [
    'too many of ours',
    { ...down, lastError: 'Received: Maximum number of prefixes reached' },
    /raise the limit of prefixes/,
  ],
  ['lossy', { ...down, lastError: 'Received: Hold timer expired' }, /MTU/],
  ['one family', { ...well, lacks: { families: ['ipv6'], extendedNextHop: false } }, /add the ipv6 channel/],
  ['next hop', { ...well, lacks: { families: [], extendedNextHop: true } }, /extended next hop on;/],
  ['limit', { ...well, hitReceiveLimit: true }, /announce fewer/],
  ['restart', { ...well, lacksGracefulRestart: true }, /graceful restart/],
  [
    'ROA',
    { ...well, refused: [{ reason: 8, words: '', count: 3, examples: [] }] },
    /^3 routes are refused: RPKI.*: correct the route or route6 object/,
  ],
])('%s', (_, seen, words) => {
  const [first, ...others] = peerAdvice(seen);
  expect(`${first?.symptom}: ${first?.advice}`).toMatch(words);
  expect(others).toEqual([]);
});

it('nothing is to be done about our own routes that come back', () => {
  expect(peerAdvice({ ...well, refused: [{ reason: 3, words: '', count: 3, examples: [] }] })).toEqual([]);
});
