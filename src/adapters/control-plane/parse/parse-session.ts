import { z } from 'zod';
import { policyName } from '../../../core/model/policy-name.js';
import type { Session } from '../../../core/model/session.js';
import type { SessionStatus } from '../../../core/model/session-status.js';
import { type Asn, asn } from '../../../core/model/values/asn.js';
import { toBirdText } from '../../../core/model/values/bird-text.js';
import { endpoint } from '../../../core/model/values/endpoint.js';
import { mtu, port } from '../../../core/model/values/integer.js';
import { interfaceName } from '../../../core/model/values/interface-name.js';
import type { SessionId } from '../../../core/model/values/session-id.js';
import { explainIssues, key } from './fields.js';
import { isRaw, present, zeroAsAbsent } from './json.js';
import { credentialKeys, readCredential, unpackCredential } from './parse-credential.js';
import { neighborAddresses } from './parse-neighbor.js';
import { readSessionOptions } from './parse-session-options.js';
import * as promised from './promised.js';

const text = promised.nullable(promised.string);
const address = promised.nullable(promised.address);

/** A session's row. What one of its keys means follows from others, so all are read as they came. */
export const rowKeys = {
  uuid: key(promised.string),
  asn: key(promised.number),
  name: key(promised.string),
  description: key(promised.string),
  status: key(promised.number),
  ipv4: key(address),
  ipv6: key(address),
  ipv6LinkLocal: key(address),
  type: key(promised.stringLike(/^wireguard$/)),
  extensions: key(promised.list(promised.stringLike(/^(?:mp[_-]bgp|extended[_-]nexthop)$/))),
  interface: key(promised.string),
  endpoint: key(text),
  credential: key(promised.anything),
  data: key(promised.anything),
  mtu: key(promised.number),
  port: key(promised.number),
  policy: key(promised.stringLike(/^(?:full|peer|upstream|downstream)$/)),
  lastError: key(text),
};

export type Row = Readonly<Record<keyof typeof rowKeys, unknown>>;

type Parsed =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly reason: string };

/**
 * One session that is to be configured, from an item of the list. Where it cannot be, the reason names every field
 * that is in the way.
 */
export function parseSession(row: Row, uuid: SessionId, status: SessionStatus): Parsed {
  const gathered = gather(row);
  const fields = sessionFields.safeParse(gathered);
  const neighbor = neighborAddresses.safeParse(row);
  if (!fields.success || !neighbor.success) {
    const reasons = [fields.error && explainIssues(fields.error, gathered)];
    if (isRaw(unpackCredential(row.credential)) && gathered.credential.publicKey === undefined)
      reasons.push(
        "this node has not seen the session with a public key before; save the peer's public key again",
      );
    reasons.push(neighbor.error && explainIssues(neighbor.error, row));
    return { ok: false, reason: reasons.filter(Boolean).join('; ') };
  }
  const { port: listenPort, endpoint, credential, extensions, type: _, ...rest } = fields.data;
  const port =
    listenPort === undefined
      ? { listenPort: defaultPort(fields.data.asn), isDefaultPort: true }
      : { listenPort };
  const session = {
    ...rest,
    ...credential,
    ...extensions,
    ...neighbor.data,
    ...port,
    ...readSessionOptions(row.data),
    uuid,
    status,
    endpoint,
  };
  return { ok: true, session };
}

// Puts each field together from all places it may be in, so that one check of all of them finds every problem.
function gather(row: Row) {
  const credential = readCredential(row.credential);
  return {
    asn: row.asn,
    description: present(row.description, row.name),
    interface: row.interface,
    port: present(zeroAsAbsent(row.port), zeroAsAbsent(credential.listenPort)),
    mtu: present(zeroAsAbsent(row.mtu), zeroAsAbsent(credential.mtu), 1420),
    endpoint: present(row.endpoint, credential.endpoint),
    type: present(row.type, 'wireguard'),
    policy: present(row.policy, 'full'),
    extensions: present(row.extensions, []),
    credential,
  };
}

/** What the control plane tells a peer whose session has no port. */
function defaultPort(number: Asn): number {
  return 30_000 + (number % 10_000);
}

const description = z.unknown().transform((text) => toBirdText(typeof text === 'string' ? text : ''));

const wireguard = z.string().refine((type) => type.toLowerCase() === 'wireguard', {
  error: ({ input }) => `${JSON.stringify(input).slice(0, 60)} is not supported, only "wireguard" is`,
});

// Seen as "mp_bgp" and "mp-bgp", in a list and as text; what else is in it is nothing that we do.
const extensions = z.union([z.array(z.unknown()), z.string()]).transform((value) => {
  const words = (Array.isArray(value) ? value : value.split(/[^\w-]+/)).filter(
    (word) => typeof word === 'string',
  );
  const known = new Set(words.map((word) => word.toLowerCase().replace(/[^a-z]/g, '')));
  return { mpBgp: known.has('mpbgp'), extendedNextHop: known.has('extendednexthop') };
});

const sessionFields = z.object({
  asn,
  description,
  interface: interfaceName,
  port: port.optional(),
  mtu,
  endpoint: endpoint.optional(),
  type: wireguard,
  policy: policyName,
  extensions,
  credential: credentialKeys,
});
