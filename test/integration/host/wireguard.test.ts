import { readdir, readFile, readlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { publicKeyOf } from '../../../src/adapters/wireguard/public-key.js';
import { genkey } from '../../../src/adapters/wireguard/wg.js';
import type { Secret } from '../../../src/core/model/values/secret.js';
import { type Run, run } from '../../../src/platform/exec.js';
import { named, openTunnelHost, until } from './tunnel-host.js';

let host: Awaited<ReturnType<typeof openTunnelHost>>;
beforeAll(async () => {
  host = await openTunnelHost('wireguard');
});
afterAll(() => host.close());

const observed = async (name: string) => {
  const device = (await host.wireguard.observe()).find((entry) => entry.interface === name);
  return device ?? expect.unreachable(`${name} is not there`);
};

const keyPair = async () => {
  const privateKey = await genkey(run);
  return { privateKey, publicKey: publicKeyOf(privateKey.reveal()) };
};

const interfaceSection = (key: Secret, port: number) =>
  `[Interface]\nPrivateKey = ${key.reveal()}\nListenPort = ${port}\n\n`;

describe('create', () => {
  const descriptors = async (pid: number | 'self', counts = async (_fd: string) => true) => {
    const fds = await readdir(`/proc/${pid}/fd`);
    const targets = await Promise.all(
      fds.map(async (fd) => ((await counts(fd)) ? readlink(`/proc/${pid}/fd/${fd}`).catch(() => '') : '')),
    );
    return new Set(targets.filter((target) => /^(pipe|socket):/.test(target)));
  };

  /** Node opens its own so that a program does not inherit them; what we inherited ourselves is not ours to close. */
  const openedByNode = async (fd: string) => {
    const info = await readFile(`/proc/self/fdinfo/${fd}`, 'utf8').catch(() => '');
    return (Number.parseInt(/^flags:\s*(\d+)$/m.exec(info)?.[1] ?? '0', 8) & 0o2000000) !== 0;
  };

  const setEnvironment = (variables: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
  };

  it('leaves a daemon whose environment does not show the token for months', async () => {
    setEnvironment({ MOENET_CP_TOKEN: 'tok-3f9a0c', CREDENTIALS_DIRECTORY: '/run/credentials/x' });
    const before = await host.daemons();
    await host.create(named('wg_environ'));
    const [daemon = 0] = (await host.daemons()).filter((pid) => !before.includes(pid));
    const environment = (await readFile(`/proc/${daemon}/environ`, 'utf8')).split('\0');
    const names = environment.flatMap((line) => line.split('=')[0] || []);
    expect(names).toContain('PATH');
    const ofItsOwn = ['WG_PROCESS_FOREGROUND', 'WG_TUN_FD', 'WG_UAPI_FD'];
    const allowed = ['HOME', 'LC_ALL', 'PATH', 'TMPDIR', 'TZ', ...ofItsOwn];
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
    await host.links.apply([{ interface: named('wg_environ'), remove: true }]);
    await until('its daemon has ended', async () => !(await host.daemons()).includes(daemon));
  });

  it('leaves a daemon that depends on nothing of ours, whatever the environment says', async () => {
    const hostile = { WG_PROCESS_FOREGROUND: '', LOG_LEVEL: 'verbose', WG_TUN_FD: '0' };
    setEnvironment(hostile);
    await host.create(named('wg_free'));
    expect(await observed('wg_free')).toMatchObject({ privateKey: undefined, peers: [] });

    const [daemon = 0, ...others] = await host.daemons();
    expect(others).toEqual([]);
    const session = async (pid: number | 'self') =>
      (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ')[3];
    expect(await session(daemon)).not.toBe(await session('self'));
    expect(await readlink(`/proc/${daemon}/cwd`)).toBe('/');
    const [theirs, ours] = [await descriptors(daemon), await descriptors('self', openedByNode)];
    expect(ours.size).toBeGreaterThan(0);
    expect([...theirs].filter((target) => ours.has(target))).toEqual([]);
  });

  it('starts a daemon that ended right after its start once more', async () => {
    let starts = 0;
    const hasty: Run = async (program, args, options) => {
      const result = await host.namespace.run(program, args, options);
      const isFirst = program === 'wireguard-go' && starts++ === 0;
      if (isFirst) await host.namespace.run('ip', ['link', 'del', 'dev', 'wg_hasty']);
      return result;
    };
    const { failures } = await host.open(hasty).create([named('wg_hasty')]);
    expect([failures.size, starts, (await observed('wg_hasty')).peers]).toEqual([0, 2, []]);
  });

  it('fails with the program’s words, without its banner, where the name is taken', async () => {
    await host.create(named('wg_taken'));
    await expect(host.create(named('wg_taken'))).rejects.toThrow(
      /^wireguard-go wg_taken: Failed to create TUN device: device or resource busy$/,
    );
  });
});

describe('syncConfig', () => {
  it('makes the interface equal to the text, as it is read back', async () => {
    const [own, peer, psk] = [await keyPair(), await keyPair(), await genkey(run)];
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

  it('replaces one peer’s key, preshared key and endpoint, and keeps the handshake of the other', async () => {
    const [a, b, old, fresh] = [await keyPair(), await keyPair(), await keyPair(), await keyPair()];
    const psk = await genkey(run);
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
    const failure = host.wireguard.syncConfig(named('wg_free'), config);
    const error = await failure.then(
      () => expect.unreachable(),
      (reason: Error) => reason,
    );
    expect(error.message).toMatch(/^wg syncconf wg_free: Key is not the correct length or format/);
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain(privateKey.reveal());
    expect(await readdir(host.scratchDir)).toEqual([]);
  });
});
