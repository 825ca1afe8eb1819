import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bootstrap, cwd, file, load, loadError, systemFile, token, useDirectory } from './config-files.js';

useDirectory();

describe('a file with bootstrap alone', () => {
  it('has every default of the interface', async () => {
    const path = await file({ bootstrap });
    const loaded = await load();
    expect(loaded.path).toBe(path);
    expect(loaded.warnings).toEqual([]);
    expect(loaded.config).toMatchObject({
      bootstrap: { apiUrl: 'https://api.example.net', nodeName: 'jp1', dialect: 'auto' },
      server: {
        listen: [{ host: '127.0.0.1', port: 24368 }],
        metricsToken: undefined,
        metrics: 'token',
      },
      stateDir: '/var/lib/moenet-agent',
      history: true,
      runtimeDir: '/run/moenet-agent',
      templatesDir: undefined,
      bird: { configDir: undefined, controlSocket: undefined, mode: 'full' },
      wireguard: { privateKeyPath: undefined, publicKeyPath: undefined, implementation: 'auto' },
      loopback: { interface: 'dummy0' },
      intervals: {
        lookMs: 3_000,
        sessionsMs: 60_000,
        reportMs: 60_000,
        heartbeatMs: 30_000,
        meshMs: 120_000,
        birdConfigMs: 300_000,
      },
      policy: {
        roaUnknown: 'accept',
        blockedAsns: [],
        customers: [],
        collector: undefined,
        throughDn42: [],
        neighborRanges: [],
      },
      limits: { requestsPerMinute: 240 },
    });
    expect(loaded.config.bootstrap.token.reveal()).toBe(token);
  });

  it('shows the token nowhere', async () => {
    await file({ bootstrap });
    const { config } = await load();
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain(token);
  });

  it('may be the legacy one, which listens on every address', async () => {
    await file({ bootstrap, server: { listen: ':24368' } });
    expect((await load()).config.server.listen).toEqual([{ host: undefined, port: 24368 }]);
  });
});

describe('good values', () => {
  it.each([
    [
      'server.listen',
      { server: { listen: '[::1]:80' } },
      { server: { listen: [{ host: '::1', port: 80 }] } },
    ],
    [
      'server.listen',
      { server: { listen: 'localhost:0' } },
      { server: { listen: [{ host: 'localhost', port: 0 }] } },
    ],
    [
      'server.listen',
      { server: { listen: ['127.0.0.1:80', '[::1]:80', '127.0.0.1:80'] } },
      {
        server: {
          listen: [
            { host: '127.0.0.1', port: 80 },
            { host: '::1', port: 80 },
          ],
        },
      },
    ],
    [
      'server.metrics',
      { server: { metrics: 'open-on-loopback' } },
      { server: { metrics: 'open-on-loopback' } },
    ],
    ['intervals.sessions', { intervals: { sessions: 0.2 } }, { intervals: { sessionsMs: 200 } }],
    ['loopback.interface', { loopback: { interface: 'lo' } }, { loopback: { interface: 'lo' } }],
    [
      'bird.controlSocket',
      { bird: { controlSocket: '/x/bird.ctl' } },
      { bird: { controlSocket: '/x/bird.ctl' } },
    ],
    [
      'policy.communities',
      { policy: { communities: { region: 'wiki', bandwidth: { '1g_plus': [64511, 25] } } } },
      { policy: { communities: { region: 'wiki', bandwidth: { '1g_plus': [64511, 25] } } } },
    ],
    ['policy.roaUnknown', { policy: { roaUnknown: 'reject' } }, { policy: { roaUnknown: 'reject' } }],
    ['policy.whenAlone', { policy: { whenAlone: 'withdraw' } }, { policy: { whenAlone: 'withdraw' } }],
    [
      'policy.ownPrefixes',
      {
        policy: {
          ownPrefixes: [
            '172.22.189.0/27',
            { prefix: 'fd42:1::/48', via: 'eth1', announceTo: ['upstream', 4242420001], originate: false },
            { prefix: '172.20.0.53', via: '172.22.188.9', announceTo: [] },
          ],
        },
      },
      {
        policy: {
          ownPrefixes: [
            {
              prefix: '172.22.189.0/27',
              announceTo: ['full', 'peer', 'upstream', 'downstream'],
              originate: true,
            },
            { prefix: 'fd42:1::/48', via: 'eth1', announceTo: ['upstream', 4242420001], originate: false },
            { prefix: '172.20.0.53/32', via: '172.22.188.9', announceTo: [], originate: true },
          ],
        },
      },
    ],
    [
      'policy.customers',
      { policy: { customers: [{ asn: 1 }, { asn: 2, asns: [3, 4], prefixes: ['10.1.0.0/16'] }] } },
      { policy: { customers: [{ asn: 1 }, { asn: 2, asns: [3, 4], prefixes: ['10.1.0.0/16'] }] } },
    ],
    [
      'policy.blockedAsns',
      { policy: { blockedAsns: [1, 4_294_967_294] } },
      { policy: { blockedAsns: [1, 4_294_967_294] } },
    ],
    [
      'policy.collector',
      { policy: { collector: { asn: 4242422602, address: 'FD42:D42:d42:179:0::1' } } },
      { policy: { collector: { asn: 4242422602, address: 'fd42:d42:d42:179::1' } } },
    ],
    [
      'policy.throughDn42',
      { policy: { throughDn42: ['172.20.7.7', '10.127.1.2/16', 'FD42:1::/48', 'fd42:2::53'] } },
      { policy: { throughDn42: ['172.20.7.7/32', '10.127.0.0/16', 'fd42:1::/48', 'fd42:2::53/128'] } },
    ],
  ])('are taken for %s', async (_key, content, expected) => {
    await file({ bootstrap, ...content });
    expect((await load()).config).toMatchObject(expected);
  });

  it('keeps a path prefix of apiUrl and drops the slash at its end', async () => {
    await file({ bootstrap: { ...bootstrap, apiUrl: 'https://example.net/cp/' } });
    expect((await load()).config.bootstrap.apiUrl).toBe('https://example.net/cp');
  });

  it('takes relative paths as relative to the file', async () => {
    await file({ bootstrap, stateDir: 'state', wireguard: { privateKeyPath: 'wg.key' } });
    const { config } = await load({ path: systemFile });
    expect(config.stateDir).toBe(join(cwd, 'etc/state'));
    expect(config.wireguard.privateKeyPath).toBe(join(cwd, 'etc/wg.key'));
  });
});

const wrong: readonly (readonly [string, unknown])[] = [
  ['bootstrap.apiUrl', { bootstrap: { ...bootstrap, apiUrl: 'api.example.net' } }],
  ['bootstrap.apiUrl', { bootstrap: { ...bootstrap, apiUrl: 'ftp://api.example.net' } }],
  ['bootstrap.apiUrl', { bootstrap: { ...bootstrap, apiUrl: 'https://u:p@api.example.net' } }],
  ['bootstrap.apiUrl', { bootstrap: { ...bootstrap, apiUrl: 'https://api.example.net/?a=b' } }],
  ['bootstrap.apiUrl', { bootstrap: { ...bootstrap, apiUrl: null } }],
  ['bootstrap.nodeName', { bootstrap: { ...bootstrap, nodeName: '../jp1' } }],
  ['bootstrap.nodeName', { bootstrap: { ...bootstrap, nodeName: '' } }],
  ['bootstrap.token', { bootstrap: { ...bootstrap, token: 'two words' } }],
  ['bootstrap.token', { bootstrap: { ...bootstrap, token: 5 } }],
  ['bootstrap.token', { bootstrap: { ...bootstrap, token: '' } }],
  ['bootstrap.tokenFile', { bootstrap: { ...bootstrap, tokenFile: '/x' } }],
  ['bootstrap.tokenFile', { bootstrap: { ...bootstrap, token: undefined, tokenFile: 'absent' } }],
  ['bootstrap.tokenFile', { bootstrap: { ...bootstrap, token: undefined, tokenFile: 7 } }],
  ['bootstrap.dialect', { bootstrap: { ...bootstrap, dialect: 'french' } }],
  ['bootstrap', { bootstrap: 'x' }],
  ['server', { bootstrap, server: null }],
  ['server.listen', { bootstrap, server: { listen: 24368 } }],
  ['server.listen', { bootstrap, server: { listen: '24368' } }],
  ['server.listen', { bootstrap, server: { listen: ':70000' } }],
  ['server.listen', { bootstrap, server: { listen: '::1:80' } }],
  ['server.listen', { bootstrap, server: { listen: [] } }],
  ['server.listen.1', { bootstrap, server: { listen: [':80', ':70000'] } }],
  ['server.listen', { bootstrap, server: { listen: Array.from({ length: 17 }, (_, port) => `:${port}`) } }],
  ['server.metrics', { bootstrap, server: { metrics: 'open' } }],
  ['server.metricsTokenFile', { bootstrap, server: { metricsTokenFile: 'absent' } }],
  ['stateDir', { bootstrap, stateDir: '' }],
  ['history', { bootstrap, history: 'no' }],
  ['runtimeDir', { bootstrap, runtimeDir: 1 }],
  ['templatesDir', { bootstrap, templatesDir: false }],
  ['bird.configDir', { bootstrap, bird: { configDir: [] } }],
  ['bird.controlSocket', { bootstrap, bird: { controlSocket: '/a\0b' } }],
  ['bird.mode', { bootstrap, bird: { mode: 'half' } }],
  ['wireguard.privateKeyPath', { bootstrap, wireguard: { privateKeyPath: '' } }],
  ['wireguard.publicKeyPath', { bootstrap, wireguard: { publicKeyPath: {} } }],
  ['wireguard.implementation', { bootstrap, wireguard: { implementation: 'go' } }],
  ['loopback.interface', { bootstrap, loopback: { interface: 'a-name-of-16-byt' } }],
  ['loopback.interface', { bootstrap, loopback: { interface: 'a/b' } }],
  ['intervals.sessions', { bootstrap, intervals: { sessions: '60' } }],
  ['intervals.report', { bootstrap, intervals: { report: 0 } }],
  ['intervals.heartbeat', { bootstrap, intervals: { heartbeat: -1 } }],
  ['intervals.mesh', { bootstrap, intervals: { mesh: 86_401 } }],
  ['intervals.birdConfig', { bootstrap, intervals: { birdConfig: null } }],
  ['policy.communities.region', { bootstrap, policy: { communities: { region: 'dn42' } } }],
  ['policy.communities.region', { bootstrap, policy: { communities: { region: { eu: [64511] } } } }],
  [
    'policy.communities.region.eu.1',
    { bootstrap, policy: { communities: { region: { eu: [64511, 70_000] } } } },
  ],
  ['policy.communities.region', { bootstrap, policy: { communities: { region: { 'a b': [64511, 41] } } } }],
  ['policy.roaUnknown', { bootstrap, policy: { roaUnknown: 'ignore' } }],
  ['policy.blockedAsns', { bootstrap, policy: { blockedAsns: 4242420001 } }],
  ['policy.throughDn42', { bootstrap, policy: { throughDn42: '172.20.7.7' } }],
  ['policy.throughDn42.1', { bootstrap, policy: { throughDn42: ['10.0.0.1', 'dns.example.net'] } }],
  ['policy.throughDn42.0', { bootstrap, policy: { throughDn42: ['10.0.0.0/33'] } }],
  ['policy.whenAlone', { bootstrap, policy: { whenAlone: 'no' } }],
  ['policy.ownPrefixes', { bootstrap, policy: { ownPrefixes: '172.22.189.0/27' } }],
  ['policy.ownPrefixes.0.prefix', { bootstrap, policy: { ownPrefixes: ['172.22.189.0/33'] } }],
  [
    'policy.ownPrefixes.0.via',
    { bootstrap, policy: { ownPrefixes: [{ prefix: 'fd42::/48', via: '10.0.0.1' }] } },
  ],
  ['policy.ownPrefixes.0.via', { bootstrap, policy: { ownPrefixes: [{ prefix: 'fd42::/48', via: 'a"b' }] } }],
  [
    'policy.ownPrefixes.0.announceTo.0',
    { bootstrap, policy: { ownPrefixes: [{ prefix: 'fd42::/48', announceTo: ['all'] }] } },
  ],
  ['policy.ownPrefixes.0', { bootstrap, policy: { ownPrefixes: [{ prefix: 'fd42::/48', anounceTo: [] }] } }],
  ['policy.customers', { bootstrap, policy: { customers: { 1: [2] } } }],
  ['policy.customers.0.asn', { bootstrap, policy: { customers: [{ asns: [2] }] } }],
  ['policy.customers.0.asns.1', { bootstrap, policy: { customers: [{ asn: 1, asns: [2, 'AS3'] }] } }],
  ['policy.blockedAsns.1', { bootstrap, policy: { blockedAsns: [1, 0] } }],
  ['policy.blockedAsns.0', { bootstrap, policy: { blockedAsns: ['AS1'] } }],
  ['policy.blockedAsns.0', { bootstrap, policy: { blockedAsns: [4_294_967_295] } }],
  ['policy.collector', { bootstrap, policy: { collector: 'fd42:d42:d42:179::1' } }],
  ['policy.collector.asn', { bootstrap, policy: { collector: { address: 'fd42::1' } } }],
  ...['collector.example', 'fd42::1/64', 'fe80::1', 'ff02::1', '127.0.0.1', '', 5].map(
    (address) =>
      ['policy.collector.address', { bootstrap, policy: { collector: { asn: 1, address } } }] as const,
  ),
  ['policy.neighborRanges', { bootstrap, policy: { neighborRanges: '192.168.42.0/24' } }],
  ...['192.168.42', '192.168.42.0/33', '/24', 'example.net', 24].map(
    (block) => ['policy.neighborRanges.0', { bootstrap, policy: { neighborRanges: [block] } }] as const,
  ),
  ['limits.requestsPerMinute', { bootstrap, limits: { requestsPerMinute: 0 } }],
  ['limits.requestsPerMinute', { bootstrap, limits: { requestsPerMinute: 1.5 } }],
];

describe('a wrong value', () => {
  it.each(wrong)('of %s is listed under its path: %j', async (path, content) => {
    await file(content as object);
    const error = await loadError();
    expect(error.problems.map((problem) => problem.path)).toEqual([path]);
    expect(error.message).toContain(`${path}: `);
    expect(error.message).not.toContain(token);
  });

  it('is reported in words that name the expected value', async () => {
    await file({ bootstrap, intervals: { sessions: '60' } });
    expect((await loadError()).message).toBe(
      `${join(cwd, systemFile)} has a problem:\n  intervals.sessions: "60" is not a number of seconds from 0.2 to 86400`,
    );
  });

  it('does not show the password of an apiUrl, nor a token', async () => {
    await file({ bootstrap: { ...bootstrap, apiUrl: 'ftp://u:geheim@x', token: 'geheim wort' } });
    expect((await loadError()).message).not.toContain('geheim');
  });
});

it('lists all problems at once', async () => {
  await file({ bootstrap: { apiUrl: 'x' }, server: { listen: 1 }, intervals: { mesh: 'y', report: 'z' } });
  expect((await loadError()).problems.map((problem) => problem.path)).toEqual([
    'bootstrap.apiUrl',
    'bootstrap.nodeName',
    'server.listen',
    'intervals.report',
    'intervals.mesh',
    'bootstrap.token',
  ]);
});

it.each([0, 253, 254, 255, 4_294_967_296, '42', 1.5])(
  '%j is no kernel table for DN42',
  async (kernelTable) => {
    await file({ bootstrap, bird: { kernelTable } });
    expect((await loadError()).message).toContain('bird.kernelTable');
  },
);

it.each(['filter moenet_ports', 'inet filter a; flush ruleset', 'inet filter 1st', 7])(
  'an nft set %j is refused by its key',
  async (nftSet) => {
    await file({ bootstrap, firewall: { nftSet } });
    expect((await loadError()).message).toMatch(/firewall\.nftSet: .*such as "inet filter moenet_ports"/);
  },
);

it('an nft set is its family, table and name', async () => {
  await file({ bootstrap, firewall: { nftSet: ' inet  filter moenet_ports' } });
  expect((await load()).config.firewall).toEqual({ nftSet: 'inet filter moenet_ports' });
});
