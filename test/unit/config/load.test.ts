import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootstrap, cwd, file, load, loadError, token, useDirectory } from './config-files.js';

useDirectory();

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

  it('need not have the token for a command that works without it', async () => {
    await file({ bootstrap: { apiUrl: 'https://env.example.net', nodeName: 'jp1' } });
    expect((await loadError()).message).toContain('bootstrap.token');
    const { config } = await load({ withoutToken: true });
    expect(config.bootstrap.token.reveal()).toBe('');
  });

  it.each([
    [{}, '/var/lib/moenet-agent'],
    [{ bootstrap: { apiUrl: '', nodeName: '', tokenFile: 'token' }, stateDir: '/srv/state' }, '/srv/state'],
  ])(
    'need not be there, nor what else is of the control plane, to take down a node: %j',
    async (document, stateDir) => {
      await file(document);
      expect((await loadError({ env: {}, withoutToken: true })).message).toContain('bootstrap.apiUrl');
      const { config } = await load({ env: {}, withoutToken: true, withoutBootstrap: true });
      expect([config.bootstrap.nodeName, config.stateDir]).toEqual(['unnamed', stateDir]);
    },
  );

  it('is checked like the file', async () => {
    const error = await loadError({ env: { ...env, MOENET_CP_TOKEN: 'a b', MOENET_CP_URL: 'nonsense' } });
    expect(error.problems.map((problem) => problem.path)).toEqual(['bootstrap.apiUrl', 'MOENET_CP_TOKEN']);
  });
});

describe('the file of a previous agent', () => {
  it('of a node that was set up by the control plane is used as it is', async () => {
    await file({ bootstrap, server: { listen: ':24368' } }, 'opt/config.json');
    const { config, warnings, path } = await load();
    expect(path).toBe(join(cwd, 'opt/config.json'));
    expect([config.server.listen, warnings]).toEqual([[{ host: undefined, port: 24368 }], []]);
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
