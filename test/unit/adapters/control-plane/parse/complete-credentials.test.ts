import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moenetCore } from '../../../../../src/adapters/control-plane/dialects/moenet-core.js';
import { rememberCredentials } from '../../../../../src/adapters/control-plane/parse/complete-credentials.js';
import { parseSessions } from '../../../../../src/adapters/control-plane/parse/parse-sessions.js';
import { openStateStore } from '../../../../../src/adapters/state/store.js';
import { otherKey, peerKey } from '../../../make.js';
import { fakeServer } from '../fake-server.js';
import { speakingClient } from '../speaking-client.js';

const psk = 'wm4/pdoZw4ehutzkJe7jBQ7aPcPkMrhtV7ZMlJCNKSU=';
const row = {
  uuid: 'abc-1',
  asn: 4242421005,
  status: 4,
  ipv6: 'fe80::1005',
  interface: 'dn42_1005',
  port: 0,
};
const whole = {
  public_key: peerKey,
  preshared_key: null,
  listen_port: 31_234,
  endpoint: '192.0.2.10:20998',
  mtu: 1400,
};
const edited = JSON.stringify({ pubkey: null, psk });

/** The session of the last of the answers that come one after the other. */
function last(...credentials: readonly unknown[]) {
  const { complete } = rememberCredentials();
  const answers = credentials.map((credential) => complete({ bgpSessions: [{ ...row, credential }] }));
  const [entry] = parseSessions(answers.at(-1), moenetCore);
  return entry?.kind === 'session'
    ? { ...entry.session, presharedKey: entry.session.presharedKey?.reveal() }
    : { reason: entry?.kind === 'refused' ? entry.reason : entry?.kind };
}

describe('a credential without a public key', () => {
  it.each([
    ['as JSON text', JSON.stringify(whole)],
    ['as an object', whole],
  ])('is the one seen last, with what is new in it: %s', (_, before) => {
    expect(last(before, edited)).toMatchObject({
      publicKey: peerKey,
      presharedKey: psk,
      listenPort: 31_234,
      endpoint: { host: '192.0.2.10', port: 20998 },
      mtu: 1400,
    });
  });

  it('stays complete in all answers that follow, and takes further edits', () => {
    expect(last(whole, edited, edited)).toMatchObject({ publicKey: peerKey, presharedKey: psk });
    expect(last(peerKey, edited, { pubkey: null, psk: otherKey })).toMatchObject({
      publicKey: peerKey,
      presharedKey: otherKey,
      listenPort: 31_005,
    });
    expect(last(whole, edited, { pubkey: null, psk: null })).toMatchObject({ presharedKey: psk });
  });

  it('is refused alone where no key was seen before, and is not mixed with that of another session', () => {
    expect(last(edited)).toEqual({ reason: expect.stringContaining('credential.publicKey: is missing') });
    const { complete } = rememberCredentials();
    complete([{ ...row, uuid: 'abc-2', credential: whole }]);
    expect(complete([{ ...row, credential: edited }])).toEqual([{ ...row, credential: edited }]);
  });
});

describe('what was seen last', () => {
  it('is known after a restart, from a state file that nobody else may read', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'credentials-'));
    try {
      for (const [credential, presharedKey] of [
        [whole, undefined],
        [edited, psk],
        [edited, psk],
      ] as const) {
        const rows = { code: 0, message: '', data: { bgpSessions: [{ ...row, credential }] } };
        const server = fakeServer(({ path }) =>
          path === '/api/v1/agent/jp1/sessions' ? { json: rows } : undefined,
        );
        const state = openStateStore(directory);
        const { client } = speakingClient(server, { state, dialect: 'moenet-core' });
        const [entry] = await client.fetchSessions();
        if (entry?.kind !== 'session') throw new Error(JSON.stringify(entry));
        expect(entry.session.publicKey).toBe(peerKey);
        expect(entry.session.presharedKey?.reveal()).toBe(presharedKey);
      }
      const files = await readdir(directory);
      expect(files).toContain('answer-sessions.json');
      for (const file of files) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('a credential with a public key', () => {
  it('is used as it is: what it leaves out is not wanted any more', () => {
    expect(last({ ...whole, preshared_key: psk }, peerKey)).toMatchObject({
      publicKey: peerKey,
      presharedKey: undefined,
      listenPort: 31_005,
      endpoint: undefined,
    });
  });
});

it.each([null, 5, 'text', {}, { sessions: {} }, [null, 5, [], { uuid: {} }, { uuid: 'x', credential: 5 }]])(
  'leaves an answer that makes no sense to the parser: %j',
  (answer) => {
    expect(rememberCredentials().complete(answer)).toEqual(answer);
  },
);
