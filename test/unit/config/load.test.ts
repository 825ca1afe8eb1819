import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.js';
import { type LoadOptions, loadConfig } from '../../../src/config/load.js';
import { run } from '../../../src/platform/exec.js';

const token = 'tok-3f9a0c';
const bootstrap = { apiUrl: 'https://api.example.net', nodeName: 'jp1', token };

let cwd = '';

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'moenet-agent-config-'));
});

afterEach(async () => {
  await rm(cwd, { recursive: true });
});

/** Where an operator's file lies unless a test says otherwise. */
const systemFile = 'etc/config.json';

async function file(content: unknown, name = systemFile): Promise<string> {
  const path = join(cwd, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
}

function load(options: Partial<LoadOptions> = {}) {
  return loadConfig({
    env: {},
    cwd,
    systemPaths: [join(cwd, systemFile), join(cwd, 'opt/config.json')],
    ...options,
  });
}

async function loadError(options: Partial<LoadOptions> = {}): Promise<ConfigError> {
  const error = await load(options).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return error;
}

describe('a file with bootstrap alone', () => {
  it('has every default of the interface', async () => {
    const path = await file({ bootstrap });
    const loaded = await load();
    expect(loaded.path).toBe(path);
    expect(loaded.warnings).toEqual([]);
    expect(loaded.config).toMatchObject({
      bootstrap: { apiUrl: 'https://api.example.net', nodeName: 'jp1', dialect: 'auto' },
      server: { listen: { host: '127.0.0.1', port: 24368 } },
      stateDir: '/var/lib/moenet-agent',
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
    expect((await load()).config.server.listen).toEqual({ host: undefined, port: 24368 });
  });
});

describe('good values', () => {
  it.each([
    ['server.listen', { server: { listen: '[::1]:80' } }, { server: { listen: { host: '::1', port: 80 } } }],
    [
      'server.listen',
      { server: { listen: 'localhost:0' } },
      { server: { listen: { host: 'localhost', port: 0 } } },
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
  ['stateDir', { bootstrap, stateDir: '' }],
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

describe('the file', () => {
  it('that -c names is read before that of MOENET_CONFIG, and that before those of the system', async () => {
    const [system, ofEnvironment, named] = [
      await file({ bootstrap }),
      await file({ bootstrap }, 'environment.json'),
      await file({ bootstrap: { ...bootstrap, nodeName: 'de1' } }, 'other.json'),
    ];
    const env = { MOENET_CONFIG: ofEnvironment };
    const loaded = await load({ path: 'other.json', env });
    expect([loaded.path, loaded.config.bootstrap.nodeName]).toEqual([named, 'de1']);
    expect((await load({ env })).path).toBe(ofEnvironment);
    expect((await load({ env: { MOENET_CONFIG: '' } })).path).toBe(system);
  });

  it('of the system is the first that there is', async () => {
    const path = await file({ bootstrap }, 'opt/config.json');
    expect((await load()).path).toBe(path);
    const first = await file({ bootstrap });
    expect((await load()).path).toBe(first);
  });

  it('in the working directory is not read by itself, whoever it belongs to', async () => {
    await file({ bootstrap: { ...bootstrap, apiUrl: 'https://thief.example.net' } }, 'config.json');
    expect((await loadError()).message).toContain(
      'a config.json in the working directory is read only where -c names it',
    );
    await file({ bootstrap });
    expect((await load()).config.bootstrap.apiUrl).toBe('https://api.example.net');
    expect((await load({ path: 'config.json' })).config.bootstrap.apiUrl).toBe('https://thief.example.net');
  });

  it.each([
    ['absent.json', 'there is no such file'],
    ['.', 'it is a directory, not a regular file'],
    ['/dev/zero', 'it is a device, not a regular file'],
  ])('that -c or MOENET_CONFIG names must be there: %s', async (path, reason) => {
    expect((await loadError({ path })).message).toContain(reason);
    expect((await loadError({ env: { MOENET_CONFIG: path } })).message).toContain(reason);
  });

  it('names where it was looked for when there is none at all', async () => {
    const error = await loadError();
    expect(error.file).toBeUndefined();
    expect(error.message).toContain('bootstrap.apiUrl: missing: an http:// or https:// URL is needed');
    for (const text of ['bootstrap.nodeName', 'MOENET_CP_TOKEN', 'etc/config.json', 'MOENET_CONFIG', '-c']) {
      expect(error.message).toContain(text);
    }
  });

  it.each(['[]', '5', 'null', '"x"'])('must hold an object, not %s', async (content) => {
    await file(content);
    expect((await loadError()).message).toContain('it does not hold a JSON object');
  });

  it('that is not JSON is reported by line and column, without its text', async () => {
    await file(`{\n  "bootstrap": {\n    "token": "${token}"\n    "nodeName": "jp1"\n  }\n}`);
    const { message } = await loadError();
    expect(message).toContain('line 4, column 5: not JSON: a comma or colon is missing before this');
    expect(message).not.toContain(token);
  });
});

describe('the environment', () => {
  const env = {
    MOENET_CP_URL: 'https://env.example.net',
    MOENET_NODE_NAME: 'env1',
    MOENET_CP_TOKEN: 'env-token',
  };

  it('is enough without any file', async () => {
    const { config, path } = await load({ env });
    expect(path).toBeUndefined();
    expect(config.bootstrap).toMatchObject({ apiUrl: 'https://env.example.net', nodeName: 'env1' });
    expect(config.bootstrap.token.reveal()).toBe('env-token');
  });

  it('gives way to what the file says, key by key', async () => {
    await file({ bootstrap: { nodeName: 'jp1', token } });
    const { config } = await load({ env });
    expect(config.bootstrap).toMatchObject({ apiUrl: 'https://env.example.net', nodeName: 'jp1' });
    expect(config.bootstrap.token.reveal()).toBe(token);
  });

  it('names the systemd credential, which is read last', async () => {
    await file('cred-token\n', 'moenet-agent-token');
    const { MOENET_CP_TOKEN, ...rest } = env;
    const withCredential = { ...rest, CREDENTIALS_DIRECTORY: cwd };
    expect((await load({ env: withCredential })).config.bootstrap.token.reveal()).toBe('cred-token');
    const both = await load({ env: { ...withCredential, MOENET_CP_TOKEN } });
    expect(both.config.bootstrap.token.reveal()).toBe('env-token');
  });

  it('is checked like the file', async () => {
    const error = await loadError({ env: { ...env, MOENET_CP_TOKEN: 'a b', MOENET_CP_URL: 'nonsense' } });
    expect(error.problems.map((problem) => problem.path)).toEqual(['bootstrap.apiUrl', 'MOENET_CP_TOKEN']);
  });
});

it('reads bootstrap.tokenFile, relative to the configuration file', async () => {
  await file('file-token\n', 'etc/token');
  await file({ bootstrap: { ...bootstrap, token: undefined, tokenFile: 'token' } });
  expect((await load()).config.bootstrap.token.reveal()).toBe('file-token');
});

describe('a file that others could change is refused:', () => {
  const mode = (path: string, bits: number) => chmod(join(cwd, path), bits);

  it.each([
    ['by every user', 0o602, 'chmod o-w'],
    ['by everybody', 0o666, 'chmod o-w'],
  ])('a configuration that can be written %s', async (_who, bits, remedy) => {
    await mode('.', 0o755);
    const path = await file({ bootstrap });
    await mode(systemFile, bits);
    const { message, problems } = await loadError();
    expect(message).toContain('because others could change it');
    expect(message).toContain(`${remedy} ${path}`);
    expect(problems.map((problem) => problem.path)).toEqual(['']);
    expect((await loadError({ path })).message).toContain(remedy);
    expect((await loadError({ env: { MOENET_CONFIG: path } })).message).toContain(remedy);
  });

  it('a configuration in a directory that others can write, also behind a link', async () => {
    await file({ bootstrap }, 'open/config.json');
    await mode('open', 0o777);
    await mkdir(join(cwd, 'etc'));
    await symlink('../open/config.json', join(cwd, systemFile));
    expect((await loadError()).message).toContain(`${join(cwd, 'open')} can be written by every user`);
    await mode('open', 0o1777);
    expect((await load()).path).toBe(join(cwd, systemFile));
  });

  it('a tokenFile', async () => {
    await file('file-token', 'etc/token');
    await file({ bootstrap: { ...bootstrap, token: undefined, tokenFile: 'token' } });
    await mode('etc/token', 0o606);
    const { problems } = await loadError();
    expect(problems).toEqual([
      {
        path: 'bootstrap.tokenFile',
        message: expect.stringMatching(/others could change it: .*: chmod o-w .*etc\/token$/),
      },
    ]);
  });
});

describe('bad templates end no command: the configuration loads', () => {
  const spoil: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
    ['others can change', (path) => chmod(join(path, 'bird/peer.conf.hbs'), 0o666)],
    ['are in a directory that others can write', (path) => chmod(path, 0o777)],
    ['are gone with their directory', (path) => rm(path, { recursive: true })],
    [
      'have a file in the place of their directory',
      async (path) => {
        await rm(path, { recursive: true });
        await writeFile(path, '');
      },
    ],
  ];

  it.each(spoil)('where they %s', async (_how, make) => {
    await file('{{#if', 'etc/templates/bird/peer.conf.hbs');
    await file({ bootstrap, templatesDir: 'templates' });
    const templatesDir = join(cwd, 'etc/templates');
    await make(templatesDir);
    expect(await load()).toMatchObject({ config: { templatesDir }, warnings: [] });
  });
});

it.each(['token', 'credential'])('reads no device and no FIFO for a %s', async (kind) => {
  await run('mkfifo', [join(cwd, 'moenet-agent-token')]);
  await file({ bootstrap: { ...bootstrap, token: undefined } });
  const env = { CREDENTIALS_DIRECTORY: cwd };
  if (kind === 'credential') {
    expect((await loadError({ env })).message).toContain('it is a FIFO, not a regular file');
    return;
  }
  for (const tokenFile of [join(cwd, 'moenet-agent-token'), '/dev/zero']) {
    await file({ bootstrap: { ...bootstrap, token: undefined, tokenFile } });
    expect((await loadError()).message).toMatch(/it is a (FIFO|device), not a regular file/);
  }
});

it('names a misspelt key beside the one that is missing', async () => {
  await file({ bootstrap: { nodeName: 'jp1', token: 'secret', apiURL: 'https://api.example.net' } });
  await expect(load()).rejects.toThrow(
    /apiUrl: missing.*\n.*apiURL is not a known key; did you mean bootstrap.apiUrl/,
  );
});

describe('a warning', () => {
  it.each([
    ['intervals.sesions', { intervals: { sesions: 5 } }, 'did you mean intervals.sessions?'],
    [
      'policy.collector.adress',
      { policy: { collector: { asn: 1, address: 'fd42::1', adress: '' } } },
      'did you mean policy.collector.address?',
    ],
    ['listen', { listen: ':1' }, 'did you mean server.listen?'],
    ['Server', { Server: {} }, 'did you mean server?'],
    ['bootstrap.apiurl', { bootstrap: { ...bootstrap, apiurl: 'x' } }, 'did you mean bootstrap.apiUrl?'],
    ['zzzzzz', { zzzzzz: 1 }, 'zzzzzz is not a known key'],
  ])('names the nearest key for the unknown key %s', async (key, content, text) => {
    await file({ bootstrap, ...content });
    const { warnings } = await load();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(key);
    expect(warnings[0]).toContain(text);
  });

  it('is given where every user can read the token', async () => {
    await chmod(await file({ bootstrap }), 0o644);
    expect((await load()).warnings[0]).toContain('chmod 600');
  });

  it('is given where everybody can guess the token, which it does not show', async () => {
    await file({ bootstrap: { ...bootstrap, token: 'q' } });
    const { warnings } = await load();
    expect(warnings).toEqual([
      expect.stringMatching(
        /^bootstrap\.token: the token has fewer than 8 characters\. Everybody can guess it/,
      ),
    ]);
    await file({ bootstrap: { ...bootstrap, token: 'x1234567' } });
    expect((await load()).warnings).toEqual([]);
  });

  it('is given where the environment names a proxy that cannot be used', async () => {
    await file({ bootstrap });
    const { config, warnings } = await load({ env: { https_proxy: 'socks5://proxy:1080' } });
    expect(config.bootstrap.proxy).toBe(undefined);
    expect(warnings).toEqual([expect.stringContaining('https_proxy does not name')]);
  });

  it('is given where the token would travel in the clear', async () => {
    await file({ bootstrap: { ...bootstrap, apiUrl: 'http://api.example.net:8080' } });
    expect((await load()).warnings[0]).toMatch(
      /plain HTTP: everybody on the path to api\.example\.net:8080 can read the token.*Use an https:/,
    );
  });

  it.each(['http://127.0.0.1:1', 'http://localhost', 'http://[::1]:1'])(
    'is not given for %s',
    async (apiUrl) => {
      await file({ bootstrap: { ...bootstrap, apiUrl } });
      expect((await load()).warnings).toEqual([]);
    },
  );
});

describe('the file of a previous agent', () => {
  it('of a node that was set up by the control plane is used as it is', async () => {
    await file({ bootstrap, server: { listen: ':24368' } }, 'opt/config.json');
    const { config, warnings, path } = await load();
    expect(path).toBe(join(cwd, 'opt/config.json'));
    expect([config.server.listen, warnings]).toEqual([{ host: undefined, port: 24368 }, []]);
  });

  it('with everything in it gives what has an equivalent, and the rest is warned about', async () => {
    await file({
      server: { listen: ':8080', readTimeout: 30 },
      node: { name: 'jp1', id: 1 },
      controlPlane: { url: 'https://cp.example.net', token: 'its-token', syncInterval: 60 },
      bird: { controlSocket: '/var/run/bird/bird.ctl', poolSize: 5 },
      wireguard: { privateKeyPath: '/etc/wireguard/privatekey', dn42Ipv4: '172.22.188.1' },
    });
    const { config, warnings } = await load();
    expect(config).toMatchObject({
      bootstrap: { apiUrl: 'https://cp.example.net', nodeName: 'jp1' },
      bird: { controlSocket: '/var/run/bird/bird.ctl' },
      wireguard: { privateKeyPath: '/etc/wireguard/privatekey' },
    });
    expect(config.bootstrap.token.reveal()).toBe('its-token');
    for (const key of ['server.readTimeout', 'node', 'controlPlane', 'bird.poolSize', 'wireguard.dn42Ipv4'])
      expect(warnings.join('\n')).toContain(`${key} is not a known key`);
    expect(warnings.join('\n')).not.toContain('its-token');
  });

  it('does not overrule bootstrap', async () => {
    await file({
      bootstrap,
      controlPlane: { url: 'https://other.example.net', token: 'x' },
      node: { name: 'x' },
    });
    expect((await load()).config.bootstrap).toMatchObject({ nodeName: bootstrap.nodeName });
  });
});

describe('the options of single sessions', () => {
  it('are found by the ASN, however it is written, and by the uuid', async () => {
    const sessions = { AS4242421080: { prepend: 2 }, 4242420001: { shutdown: true }, 'abc-123': { med: 5 } };
    await file({ bootstrap, sessions });
    const { config, warnings } = await load();
    expect(warnings).toEqual([]);
    expect(config.sessions).toEqual([
      { key: '4242420001', asn: 4242420001, uuid: undefined, options: { shutdown: true } },
      { key: 'AS4242421080', asn: 4242421080, uuid: undefined, options: { prepend: 2 } },
      { key: 'abc-123', asn: undefined, uuid: 'abc-123', options: { med: 5 } },
    ]);
  });

  it.each([
    [{ AS0: {} }, 'sessions.AS0: "AS0" is neither an ASN from 1 to 4294967294 nor the uuid of a session'],
    [{ 'a b': {} }, 'sessions.a b: "a b" is neither an ASN from 1 to 4294967294 nor the uuid of a session'],
    [{ AS5: {}, 5: {} }, 'sessions.AS5: AS5 is the same AS as 5; keep one of them'],
    [{ AS5: { prepend: 11 } }, 'sessions.AS5.prepend: 11 is not a number of times from 0 to 10'],
    [{ AS5: { prepend: [] } }, 'sessions.AS5.prepend: [] is not a number of times from 0 to 10'],
    [{ AS5: { policy: 'none' } }, 'sessions.AS5.policy: "none" is none of full, peer, upstream, downstream'],
    [{ AS5: { passive: 'yes' } }, 'sessions.AS5.passive: "yes" is neither true nor false'],
    [[], 'sessions: an object is needed whose keys are ASNs (AS4242421080) or uuids of sessions'],
  ])('are refused where they are no good: %j', async (sessions, words) => {
    await file({ bootstrap, sessions });
    expect((await loadError()).message).toContain(words);
  });

  it('never show a password', async () => {
    await file({ bootstrap, sessions: { AS5: { password: 'hunter2' } } });
    const loaded = await load();
    expect(loaded.config.sessions[0]?.options.password?.reveal()).toBe('hunter2');
    expect(inspect(loaded, { depth: 9 }) + JSON.stringify(loaded)).not.toContain('hunter2');
    for (const five of [{ password: 'hunter2"' }, { password: ['hunter2'] }, 'hunter2']) {
      await file({ bootstrap, sessions: { AS5: five } });
      const error = await loadError();
      expect(error.message).toContain('sessions.AS5');
      expect(error.message).not.toContain('hunter2');
    }
  });

  it('are warned about where others can read the password', async () => {
    const { token: _, ...rest } = bootstrap;
    const path = await file({ bootstrap: rest, sessions: { AS5: { password: 'hunter2' } } });
    await chmod(path, 0o644);
    const { warnings } = await load({ env: { MOENET_CP_TOKEN: token } });
    expect(warnings).toEqual([
      `${path} can be read by every user and holds a BGP password: chmod 600 ${path}`,
    ]);
  });

  it('are warned about by the nearest name where one is misspelt', async () => {
    await file({ bootstrap, sessions: { AS5: { prepends: 2 } } });
    expect((await load()).warnings).toEqual([
      'sessions.AS5.prepends is not a known key; did you mean sessions.*.prepend?',
    ]);
  });
});

it.each([0, 253, 254, 255, 4_294_967_296, '42', 1.5])(
  '%j is no kernel table for DN42',
  async (kernelTable) => {
    await file({ bootstrap, bird: { kernelTable } });
    expect((await loadError()).message).toContain('bird.kernelTable');
  },
);
