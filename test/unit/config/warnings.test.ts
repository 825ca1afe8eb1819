import { chmod } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bootstrap, file, load, useDirectory } from './config-files.js';

useDirectory();

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

it('names a misspelt key beside the one that is missing', async () => {
  await file({ bootstrap: { nodeName: 'jp1', token: 'secret', apiURL: 'https://api.example.net' } });
  await expect(load()).rejects.toThrow(
    /apiUrl: missing.*\n.*apiURL is not a known key; did you mean bootstrap.apiUrl/,
  );
});
