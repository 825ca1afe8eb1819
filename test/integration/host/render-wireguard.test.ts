import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/adapters/templates/load-templates.js';
import type { Tunnel } from '../../../src/core/model/artifacts.js';
import { Secret } from '../../../src/core/model/values/secret.js';
import { renderWireGuard } from '../../../src/core/render/wireguard.js';
import { makeSession, otherKey, peerKey } from '../../unit/make.js';
import { type EitherHost, openEitherHost } from './either-host.js';

const privateKey = new Secret('cK5o1mnCSDLxrH9tZNfMOO0mLR3ZUu5bBBNWrzEkMGc=');
const presharedKey = new Secret('wm4/pdoZw4ehutzkJe7jBQ7aPcPkMrhtV7ZMlJCNKSU=');
const name = makeSession().interface;
let host: EitherHost;

beforeAll(async () => {
  host = await openEitherHost('render-wireguard');
  await host.create(name);
});
afterAll(() => host.close());

function tunnel(peer: Partial<Tunnel['peer']>): Tunnel {
  const { uuid, listenPort, mtu } = makeSession();
  const nothing = { presharedKey: undefined, endpoint: undefined, persistentKeepaliveSeconds: 0 };
  return {
    owner: { kind: 'session', uuid },
    interface: name,
    mtu,
    listenPort,
    addresses: [],
    peer: { publicKey: peerKey, allowedIps: ['fe80::/64'], ...nothing, ...peer },
  };
}

/** The peers of the interface, as `wg show all dump` has them, after it was made equal to the tunnel. */
async function peersAfter(wanted: Tunnel, endpoint: string | undefined): Promise<string[][]> {
  const file = join(host.scratchDir, 'wg.conf');
  const text = renderWireGuard(wanted, privateKey, endpoint, await loadTemplates());
  await writeFile(file, text, { mode: 0o600 });
  await host.run('wg', ['syncconf', name, file]);
  const [own = '', ...peers] = (await host.run('wg', ['show', name, 'dump'])).stdout.trim().split('\n');
  expect(own.split('\t')).toEqual([privateKey.reveal(), expect.any(String), '24001', 'off']);
  return peers.map((peer) => peer.split('\t'));
}

describe('wg syncconf', () => {
  it('accepts the rendered text, and makes the interface equal to it again when it has less', async () => {
    const full = tunnel({ presharedKey, persistentKeepaliveSeconds: 25 });
    expect(await peersAfter(full, '[2001:db8::89]:20998')).toEqual([
      [peerKey, presharedKey.reveal(), '[2001:db8::89]:20998', 'fe80::/64', '0', '0', '0', '25'],
    ]);
    const [[, psk, , , , , , keepalive] = []] = await peersAfter(tunnel({}), undefined);
    expect([psk, keepalive]).toEqual(['(none)', 'off']);
    expect(await peersAfter(tunnel({ publicKey: otherKey }), undefined)).toEqual([
      [otherKey, '(none)', '(none)', expect.any(String), '0', '0', '0', 'off'],
    ]);
  });
});
