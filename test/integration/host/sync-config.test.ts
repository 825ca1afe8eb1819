import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicKeyOf } from '../../../src/adapters/wireguard/public-key.js';
import { genkey } from '../../../src/adapters/wireguard/wg.js';
import type { Secret } from '../../../src/core/model/values/secret.js';
import { type EitherHost, openEitherHost } from './either-host.js';
import { named, until } from './tunnel-host.js';

let host: EitherHost;
beforeAll(async () => {
  host = await openEitherHost('sync-config');
});
afterAll(() => host.close());

const observed = async (name: string) => {
  const device = (await host.wireguard.observe()).find((entry) => entry.interface === name);
  return device ?? expect.unreachable(`${name} is not there`);
};

const keyPair = async () => {
  const privateKey = await genkey(host.run);
  return { privateKey, publicKey: publicKeyOf(privateKey.reveal()) };
};

const interfaceSection = (key: Secret, port: number) =>
  `[Interface]\nPrivateKey = ${key.reveal()}\nListenPort = ${port}\n\n`;

describe('syncConfig', () => {
  it('makes the interface equal to the text, as it is read back', async () => {
    const [own, peer, psk] = [await keyPair(), await keyPair(), await genkey(host.run)];
    await host.create(named('wg_equal'));
    await host.wireguard.syncConfig(
      named('wg_equal'),
      `${interfaceSection(own.privateKey, 24001)}[Peer]
PublicKey = ${peer.publicKey}
PresharedKey = ${psk.reveal()}
Endpoint = [2001:db8::1]:51820
AllowedIPs = 172.20.0.0/14, fd00::/8, fe80::/10
PersistentKeepalive = 25
`,
    );
    const device = await observed('wg_equal');
    expect(device).toMatchObject({ publicKey: own.publicKey, listenPort: 24001 });
    expect(device.privateKey?.reveal()).toBe(own.privateKey.reveal());
    expect(device.peers).toHaveLength(1);
    expect(device.peers[0]).toMatchObject({
      publicKey: peer.publicKey,
      endpoint: '[2001:db8::1]:51820',
      allowedIps: ['172.20.0.0/14', 'fd00::/8', 'fe80::/10'],
      persistentKeepaliveSeconds: 25,
    });
    expect(device.peers[0]?.presharedKey?.reveal()).toBe(psk.reveal());

    const bare = `${interfaceSection(own.privateKey, 24011)}[Peer]\nPublicKey = ${peer.publicKey}\n`;
    await host.wireguard.syncConfig(named('wg_equal'), bare);
    const cleared = await observed('wg_equal');
    expect(cleared.listenPort).toBe(24011);
    expect(cleared.peers[0]).toMatchObject({
      presharedKey: undefined,
      allowedIps: [],
      persistentKeepaliveSeconds: 0,
    });
  });

  it('starts one program for an interface of the kernel’s, and none for a wireguard-go', async () => {
    const own = await keyPair();
    await host.create(named('wg_none'));
    host.commands.length = 0;
    await host.wireguard.syncConfig(named('wg_none'), interfaceSection(own.privateKey, 24021));
    expect(host.commands).toEqual({ wireguard: ['wg'], tun: [] }[host.tunnelKind]);
    expect((await observed('wg_none')).listenPort).toBe(24021);
  });

  it('replaces one peer’s key, preshared key and endpoint, and keeps the handshake of the other', async () => {
    const [a, b, old, fresh] = [await keyPair(), await keyPair(), await keyPair(), await keyPair()];
    const psk = await genkey(host.run);
    for (const name of ['wg_a', 'wg_b']) await host.create(named(name));
    const toB = `[Peer]\nPublicKey = ${b.publicKey}\nEndpoint = 127.0.0.1:24003\nPersistentKeepalive = 1\n\n`;
    const sync = (peer: string) =>
      host.wireguard.syncConfig(named('wg_a'), `${interfaceSection(a.privateKey, 24002)}${toB}${peer}`);
    await sync(`[Peer]\nPublicKey = ${old.publicKey}\nEndpoint = 192.0.2.1:1\nAllowedIPs = 10.0.0.0/8\n`);
    await host.wireguard.syncConfig(
      named('wg_b'),
      `${interfaceSection(b.privateKey, 24003)}[Peer]\nPublicKey = ${a.publicKey}\n`,
    );
    await host.links.apply(['wg_a', 'wg_b'].map((name) => ({ interface: name, up: true })));
    const handshake = async () => (await observed('wg_a')).peers.find((p) => p.publicKey === b.publicKey);
    await until('the handshake', async () => ((await handshake())?.latestHandshakeSeconds ?? 0) > 0);
    const before = await handshake();

    await sync(
      `[Peer]\nPublicKey = ${fresh.publicKey}\nPresharedKey = ${psk.reveal()}\nEndpoint = 192.0.2.2:2\n`,
    );
    const { peers } = await observed('wg_a');
    expect(peers.map((peer) => peer.publicKey).sort()).toEqual([b.publicKey, fresh.publicKey].sort());
    const replaced = peers.find((peer) => peer.publicKey === fresh.publicKey);
    expect(replaced?.endpoint).toBe('192.0.2.2:2');
    expect(replaced?.presharedKey?.reveal()).toBe(psk.reveal());
    expect((await handshake())?.latestHandshakeSeconds).toBe(before?.latestHandshakeSeconds);
  });

  it('fails without a key in the error, and leaves nothing in the scratch directory', async () => {
    const { privateKey } = await keyPair();
    const config = `[Interface]\nPrivateKey = ${privateKey.reveal()}x\n`;
    const failure = host.wireguard.syncConfig(named('wg_equal'), config);
    const error = await failure.then(
      () => expect.unreachable(),
      (reason: Error) => reason,
    );
    expect(error.message).toMatch(/^wg syncconf wg_equal: Key is not the correct length or format/);
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain(privateKey.reveal());
    expect(await readdir(host.scratchDir)).toEqual([]);
  });
});
