import { describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../../src/adapters/templates/load-templates.js';
import type { Tunnel } from '../../../../src/core/model/artifacts.js';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { renderWireGuard } from '../../../../src/core/render/wireguard.js';
import { makeSession, peerKey } from '../../make.js';

const privateKey = new Secret('cK5o1mnCSDLxrH9tZNfMOO0mLR3ZUu5bBBNWrzEkMGc=');
const presharedKey = new Secret('wm4/pdoZw4ehutzkJe7jBQ7aPcPkMrhtV7ZMlJCNKSU=');

const { uuid, interface: name, listenPort, mtu } = makeSession();
const tunnel: Tunnel = {
  owner: { kind: 'session', uuid },
  interface: name,
  mtu,
  listenPort,
  addresses: [],
  peer: {
    publicKey: peerKey,
    presharedKey,
    endpoint: undefined,
    allowedIps: ['0.0.0.0/0', 'fd00::/8', 'fe80::/64'],
    persistentKeepaliveSeconds: 25,
  },
};

describe('renderWireGuard', () => {
  it('renders the interface and its peer', async () => {
    const text = renderWireGuard(tunnel, privateKey, '[2001:db8::89]:20998', await loadTemplates());
    expect(text).toBe(
      [
        '[Interface]',
        `PrivateKey = ${privateKey.reveal()}`,
        'ListenPort = 24001',
        '',
        '[Peer]',
        `PublicKey = ${peerKey}`,
        `PresharedKey = ${presharedKey.reveal()}`,
        'Endpoint = [2001:db8::89]:20998',
        'AllowedIPs = 0.0.0.0/0, fd00::/8, fe80::/64',
        'PersistentKeepalive = 25',
        '',
      ].join('\n'),
    );
  });

  it('leaves out an endpoint that is not known, and clears a preshared key that is no longer wanted', async () => {
    const bare = {
      ...tunnel,
      peer: { ...tunnel.peer, presharedKey: undefined, persistentKeepaliveSeconds: 0 },
    };
    const text = renderWireGuard(bare, privateKey, undefined, await loadTemplates());
    expect(text).not.toContain('Endpoint');
    expect(text).toContain(`PresharedKey = ${Buffer.alloc(32).toString('base64')}\n`);
    expect(text).toContain('PersistentKeepalive = 0\n');
  });

  it('says no secret when a template is no good', async () => {
    const templates = { ...(await loadTemplates()), 'wireguard.conf.hbs': '{{privateKey}}{{oops}}' };
    expect(() => renderWireGuard(tunnel, privateKey, undefined, templates)).toThrow(
      /^template wireguard.conf.hbs: there is no value "oops"$/,
    );
  });
});
