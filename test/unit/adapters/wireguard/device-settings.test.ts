import { describe, expect, it } from 'vitest';
import { deviceSettings, peerKeysOf } from '../../../../src/adapters/wireguard/device-settings.js';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const hex = (byte: number) => Buffer.alloc(32, byte).toString('hex');

const config = `[Interface]
PrivateKey = ${key(1)}
ListenPort = 24001

[Peer]
PublicKey = ${key(2)}
PresharedKey = ${key(0)}
Endpoint = [2001:db8::1]:51820
AllowedIPs = 172.20.0.1/14, fd00::/8
PersistentKeepalive = 25
`;

describe('deviceSettings', () => {
  it('says all of a configuration, and removes the peers that it does not name', () => {
    expect(
      deviceSettings(config, [hex(2), hex(3)])
        ?.trimEnd()
        .split('\n'),
    ).toEqual([
      'set=1',
      `private_key=${hex(1)}`,
      'listen_port=24001',
      'fwmark=0',
      `public_key=${hex(3)}`,
      'remove=true',
      `public_key=${hex(2)}`,
      `preshared_key=${hex(0)}`,
      'endpoint=[2001:db8::1]:51820',
      'persistent_keepalive_interval=25',
      'replace_allowed_ips=true',
      'allowed_ip=172.20.0.0/14',
      'allowed_ip=fd00::/8',
    ]);
  });

  it('resets what the text does not say of the interface, as `wg syncconf` does', () => {
    expect(deviceSettings('[Interface]\n', [])?.trimEnd().split('\n')).toEqual([
      'set=1',
      `private_key=${hex(0)}`,
      'listen_port=0',
      'fwmark=0',
    ]);
  });

  it('reads comments, blanks and names in any case as wg(8) does', () => {
    const text = `# of the operator\n [INTERFACE] \nprivatekey=${key(1)} # mine\n\n[peer]\npublickey = ${key(2)}\nPERSISTENTKEEPALIVE = off\n`;
    expect(deviceSettings(text, [])).toContain(`private_key=${hex(1)}\n`);
    expect(deviceSettings(text, [])).toContain('persistent_keepalive_interval=0\n');
  });

  it.each([
    ['a name as endpoint', `${config}[Peer]\nPublicKey = ${key(4)}\nEndpoint = peer.example.net:51820\n`],
    ['a key that is none', config.replace(key(1), 'secret')],
    ['a port that is none', config.replace('24001', '70000')],
    ['a network that is none', config.replace('fd00::/8', 'fd00::/200')],
    ['a mark', config.replace('[Peer]', 'FwMark = 0x10\n[Peer]')],
    ['a line that is none', `${config}nonsense\n`],
    ['a line outside of a section', `ListenPort = 1\n${config}`],
    ['a line that every object knows', config.replace('[Peer]', 'constructor = 1\n[Peer]')],
    ['networks in two lines', `${config}AllowedIPs = fe80::/10\n`],
    ['a peer twice', `${config}[Peer]\nPublicKey = ${key(2)}\n`],
    ['a peer without a key', `${config}[Peer]\nPersistentKeepalive = off\n`],
  ])('leaves %s to wg(8)', (_, text) => {
    expect(deviceSettings(text, [])).toBeUndefined();
  });
});

it('finds the keys of the peers in what a wireguard-go says of itself', () => {
  const answer = `private_key=${hex(1)}\nlisten_port=24001\npublic_key=${hex(2)}\nallowed_ip=::/0\npublic_key=${hex(3)}\n`;
  expect(peerKeysOf(answer)).toEqual([hex(2), hex(3)]);
});
