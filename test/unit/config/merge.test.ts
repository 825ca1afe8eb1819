import { describe, expect, it } from 'vitest';
import type { AgentConfig } from '../../../src/config/agent-config.js';
import { mergeBootstrap } from '../../../src/config/merge.js';
import type { BootstrapConfig } from '../../../src/core/model/control-plane.js';
import { parseIpv4, parseIpv6 } from '../../../src/core/model/values/ip.js';
import { Secret } from '../../../src/core/model/values/secret.js';
import { nodeSettings } from '../make.js';

const file: AgentConfig = {
  bootstrap: { apiUrl: 'https://x', nodeName: 'jp1', token: new Secret('t'), dialect: 'auto' },
  server: { listen: [{ host: '127.0.0.1', port: 24368 }], metrics: 'token' },
  stateDir: '/s',
  history: true,
  runtimeDir: '/r',
  templatesDir: undefined,
  bird: { configDir: undefined, controlSocket: undefined, mode: 'full' },
  wireguard: { privateKeyPath: undefined, publicKeyPath: undefined, implementation: 'auto' },
  loopback: { interface: 'dummy0' },
  intervals: { lookMs: 1, sessionsMs: 1, reportMs: 1, heartbeatMs: 1, meshMs: 1, birdConfigMs: 1 },
  policy: nodeSettings.policy,
  sessions: [],
  limits: { requestsPerMinute: 240 },
};

const bootstrap: BootstrapConfig = {
  node: {
    id: 1,
    asn: undefined,
    loopbackIpv4: parseIpv4('172.22.188.1'),
    loopbackIpv6: undefined,
  },
  bird: { controlSocket: '/var/run/bird/run/bird.ctl', configDir: '/etc/bird/node' },
  wireguard: {
    privateKeyPath: '/etc/wireguard/node/private.key',
    publicKeyPath: '/etc/wireguard/node.pub',
    persistentKeepaliveSeconds: 0,
    ipv6LinkLocal: parseIpv6('fe80::998:101:1:1'),
  },
  metric: { pingTimeoutSeconds: 5, pingCount: 4 },
};

describe('mergeBootstrap', () => {
  it('has the defaults of the interface where nobody says anything', () => {
    expect(mergeBootstrap(file, undefined)).toMatchObject({
      bird: { configDir: '/etc/bird', controlSocket: '/run/bird/bird.ctl' },
      wireguard: {
        privateKeyPath: '/etc/wireguard/private.key',
        publicKeyPath: '/etc/wireguard/public.key',
        persistentKeepaliveSeconds: 25,
        ipv6LinkLocal: undefined,
      },
      loopback: { interface: 'dummy0', ipv4: undefined, ipv6: undefined },
      ping: { count: 3, timeoutMs: 2000 },
    });
  });

  it('prefers GET config to the defaults', () => {
    expect(mergeBootstrap(file, bootstrap)).toMatchObject({
      refusedPaths: [],
      bird: { configDir: '/etc/bird/node', controlSocket: '/var/run/bird/run/bird.ctl' },
      wireguard: {
        privateKeyPath: '/etc/wireguard/node/private.key',
        publicKeyPath: '/etc/wireguard/node.pub',
        persistentKeepaliveSeconds: 0,
        ipv6LinkLocal: 'fe80::998:101:1:1',
      },
      loopback: { ipv4: '172.22.188.1' },
      ping: { count: 4, timeoutMs: 5000 },
    });
  });

  it('prefers the file to GET config', () => {
    const said: AgentConfig = {
      ...file,
      bird: { ...file.bird, controlSocket: '/run/bird/bird.ctl' },
      wireguard: { ...file.wireguard, privateKeyPath: '/own/private.key' },
    };
    const merged = mergeBootstrap(said, bootstrap);
    expect(merged.bird.controlSocket).toBe('/run/bird/bird.ctl');
    expect(merged.wireguard.privateKeyPath).toBe('/own/private.key');
    expect(merged.wireguard.publicKeyPath).toBe('/etc/wireguard/node.pub');
  });

  const keyPaths = [
    '/etc/bird/precious',
    '/dev/zero',
    '/etc/wireguard',
    '/etc/wireguard/',
    '/etc/wireguard/../bird/precious',
    '/etc/wireguard/./private.key',
    '/etc/wireguard//private.key',
    '/etc/wireguard/.hidden',
    '/etc/wireguard/private.key/',
    '/etc/wireguardian/private.key',
    '/etc/wireguard/two words',
  ];
  const sockets = [
    '/run/docker.sock',
    '/run/bird/../docker.sock',
    '/run/birds/x',
    '/etc/bird/bird.ctl',
    '/run/bird',
  ];
  const directories = [
    '/etc',
    '/opt/bird',
    '/etc/bird/../wireguard',
    '/etc/bird2',
    // BIRD includes the files of these, and would read a configuration in them twice.
    '/etc/bird/peers',
    '/etc/bird/node/moenet-agent',
    // With it in a path the agent could not start.
    '/etc/bird/a"b',
    '/etc/bird/*',
  ];

  it.each<[string, Partial<BootstrapConfig['wireguard']> & Partial<BootstrapConfig['bird']>]>([
    ...keyPaths.map((privateKeyPath) => ['wireguard.privateKeyPath', { privateKeyPath }] as [string, object]),
    ...keyPaths.map((publicKeyPath) => ['wireguard.publicKeyPath', { publicKeyPath }] as [string, object]),
    ...sockets.map((controlSocket) => ['bird.controlSocket', { controlSocket }] as [string, object]),
    ...directories.map((configDir) => ['bird.configDir', { configDir }] as [string, object]),
  ])('takes no %s of GET config that is not inside its directory: %j', (key, named) => {
    const hostile = {
      ...bootstrap,
      wireguard: { ...bootstrap.wireguard, privateKeyPath: undefined, publicKeyPath: undefined, ...named },
      bird: { controlSocket: undefined, ...named },
    };
    const { bird, wireguard, refusedPaths } = mergeBootstrap(file, hostile);
    expect([wireguard.privateKeyPath, wireguard.publicKeyPath]).toEqual([
      '/etc/wireguard/private.key',
      '/etc/wireguard/public.key',
    ]);
    expect([bird.configDir, bird.controlSocket]).toEqual(['/etc/bird', '/run/bird/bird.ctl']);
    expect(refusedPaths).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${key}: the control plane names .*the agent uses /.* set ${key} in the configuration file$`,
        ),
      ),
    ]);
  });

  it('says nothing of a path that the file overrules anyway', () => {
    const hostile = { ...bootstrap, wireguard: { ...bootstrap.wireguard, privateKeyPath: '/dev/zero' } };
    const wireguard = { ...file.wireguard, privateKeyPath: '/root/own.key' };
    const merged = mergeBootstrap({ ...file, wireguard }, hostile);
    expect([merged.wireguard.privateKeyPath, merged.refusedPaths]).toEqual(['/root/own.key', []]);
  });
});
