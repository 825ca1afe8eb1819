import { isRaw, present, type Raw } from './json.js';
import { type RawCredential, readCredential } from './parse-credential.js';

/** More than any node has sessions; what was seen first is forgotten first. */
const mostSeen = 20_000;

/**
 * Completes the credentials of answers to `GET sessions`: a control plane that stored an edit of the preshared key alone sends
 * `{"pubkey": null, "psk": "..."}`, and means the rest to stay as it was. `complete` gives the answer with such a credential put
 * together with the one that the same session had in the answers before, and remembers what it has seen. Never throws.
 */
export function rememberCredentials(): { complete(answer: unknown): unknown } {
  const seen = new Map<string, RawCredential>();

  function completeRow(row: unknown): unknown {
    const uuid = isRaw(row) ? present(row['uuid']) : undefined;
    if (!isRaw(row) || (typeof uuid !== 'string' && typeof uuid !== 'number')) return row;
    const came = readCredential(row['credential']);
    const whole = present(came.publicKey) === undefined ? joined(came, seen.get(String(uuid))) : came;
    if (present(whole.publicKey) === undefined) return row;
    seen.delete(String(uuid));
    seen.set(String(uuid), whole);
    const [oldest] = seen.keys();
    if (seen.size > mostSeen && oldest !== undefined) seen.delete(oldest);
    return whole === came ? row : { ...row, credential: whole };
  }

  return {
    complete: (answer) => {
      if (Array.isArray(answer)) return answer.map(completeRow);
      if (!isRaw(answer)) return answer;
      const lists = ['sessions', 'bgpSessions'].flatMap((key) => listAt(answer, key, completeRow));
      return { ...answer, ...Object.fromEntries(lists) };
    },
  };
}

function listAt(answer: Raw, key: string, map: (row: unknown) => unknown): [string, unknown][] {
  const rows = Object.hasOwn(answer, key) ? answer[key] : undefined;
  return Array.isArray(rows) ? [[key, rows.map(map)]] : [];
}

function joined(came: RawCredential, before: RawCredential | undefined): RawCredential {
  return {
    publicKey: before?.publicKey,
    presharedKey: present(came.presharedKey, before?.presharedKey),
    listenPort: present(came.listenPort, before?.listenPort),
    endpoint: present(came.endpoint, before?.endpoint),
    mtu: present(came.mtu, before?.mtu),
  };
}
