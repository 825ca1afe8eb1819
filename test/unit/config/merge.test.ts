import { describe, expect, it } from 'vitest';
import type { AgentConfig } from '../../../src/config/agent-config.js';
import { mergeBootstrap } from '../../../src/config/merge.js';
import type { BootstrapConfig } from '../../../src/core/model/control-plane.js';
import { parseIpv4, parseIpv6 } from '../../../src/core/model/ip.js';
import { Secret } from '../../../src/core/model/secret.js';

const file: AgentConfig = {
  bootstrap: { apiUrl: 'https://x', nodeName: 'jp1', token: new Secret('t'), dialect: 'auto' },
  server: { listen: { host: '127.0.0.1', port: 24368 } },
  stateDir: '/s',
  runtimeDir: '/r',
  templatesDir: undefined,
  bird: { configDir: undefined, controlSocket: undefined, mode: 'full' },
  wireguard: { privateKeyPath: undefined, publicKeyPath: undefined, implementation: 'auto' },
  loopback: { interface: 'dummy0' },
  intervals: { sessionsMs: 1, reportMs: 1, heartbeatMs: 1, meshMs: 1, birdConfigMs: 1 },
  policy: { roaUnknown: 'accept', blockedAsns: [], collector: undefined, throughDn42: [] },
  limits: { requestsPerMinute: 240 },
};

const bootstrap: BootstrapConfig = {
  node: {
    id: 1,
    name: 'jp1',
    region: undefined,
    location: undefined,
    provider: undefined,
    asn: undefined,
    loopbackIpv4: parseIpv4('172.22.188.1'),
    loopbackIpv6: undefined,
  },
  bird: { controlSocket: '/var/run/bird/run/bird.ctl', configDir: '/usr/local/etc/bird' },
  wireguard: {
    privateKeyPath: '/cp/private.key',
    publicKeyPath: '/cp/public.key',
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

  it('takes what GET config brings over the defaults', () => {
    expect(mergeBootstrap(file, bootstrap)).toMatchObject({
      bird: { configDir: '/usr/local/etc/bird', controlSocket: '/var/run/bird/run/bird.ctl' },
      wireguard: {
        privateKeyPath: '/cp/private.key',
        publicKeyPath: '/cp/public.key',
        persistentKeepaliveSeconds: 0,
        ipv6LinkLocal: 'fe80::998:101:1:1',
      },
      loopback: { ipv4: '172.22.188.1' },
      ping: { count: 4, timeoutMs: 5000 },
    });
  });

  it('takes what the file says over GET config', () => {
    const said: AgentConfig = {
      ...file,
      bird: { ...file.bird, controlSocket: '/run/bird/bird.ctl' },
      wireguard: { ...file.wireguard, privateKeyPath: '/own/private.key' },
    };
    const merged = mergeBootstrap(said, bootstrap);
    expect(merged.bird.controlSocket).toBe('/run/bird/bird.ctl');
    expect(merged.wireguard.privateKeyPath).toBe('/own/private.key');
    expect(merged.wireguard.publicKeyPath).toBe('/cp/public.key');
  });
});
