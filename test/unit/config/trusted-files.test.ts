import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../../src/platform/exec.js';
import { bootstrap, cwd, file, load, loadError, systemFile, token, useDirectory } from './config-files.js';

useDirectory();

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

describe('server.metricsTokenFile', () => {
  it('is read, relative to the configuration file, and watched by the service', async () => {
    const path = await file('scrape-9b1c77\n', 'etc/metrics-token');
    await file({ bootstrap, server: { metricsTokenFile: 'metrics-token' } });
    const { config, files, warnings } = await load();
    expect([config.server.metricsToken?.reveal(), warnings]).toEqual(['scrape-9b1c77', []]);
    expect(files).toContain(path);
    expect(JSON.stringify(config)).not.toContain('scrape-9b1c77');
    expect((await load({ withoutToken: true })).config.server.metricsToken).toBeUndefined();
  });

  it.each([
    ['the node’s own token', token, 'whoever scrapes could act as this node'],
    ['a short one', 'abc', 'fewer than 8 characters, so everybody can guess it'],
    ['none', '', 'not a token'],
  ])('must not hold %s', async (_, text, problem) => {
    await file(text, 'etc/metrics-token');
    await file({ bootstrap, server: { metricsTokenFile: 'metrics-token' } });
    const { problems } = await loadError();
    expect(problems).toEqual([
      { path: 'server.metricsTokenFile', message: expect.stringContaining(problem) },
    ]);
  });

  it('that every user can read is warned about', async () => {
    await chmod(await file('scrape-9b1c77', 'etc/metrics-token'), 0o644);
    await file({ bootstrap, server: { metricsTokenFile: 'metrics-token' } });
    expect((await load()).warnings).toEqual([
      expect.stringMatching(/metrics-token can be read by every user and holds the token: chmod 600/),
    ]);
  });
});
