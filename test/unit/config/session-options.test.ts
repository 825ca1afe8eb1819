import { chmod } from 'node:fs/promises';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bootstrap, file, load, loadError, token, useDirectory } from './config-files.js';

useDirectory();

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
