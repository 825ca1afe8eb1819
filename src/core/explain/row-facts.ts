import type { Session, SessionEntry } from '../model/session.js';
import { formatEndpoint } from '../model/values/endpoint.js';
import type { Fact } from './explanation.js';

/** What the control plane wants, as the agent understands its row; without a row, why there is none. */
export function rowFacts(entry: SessionEntry | undefined): Fact[] {
  if (!entry)
    return [
      {
        what: 'row',
        value: 'none',
        why: 'its list leaves the session out, and the agent doubts that; to believe it: moenet-agent resync --force',
      },
    ];
  switch (entry.kind) {
    case 'refused':
      return [
        { what: 'status', value: entry.status ?? 'not understood' },
        {
          what: 'refused',
          value: entry.reason,
          why: 'what runs stays as it is until the row is corrected at the control plane',
        },
      ];
    case 'ignored':
      return [
        {
          what: 'status',
          value: entry.status,
          why: 'under this status the agent keeps nothing of the session on this node',
        },
      ];
    case 'session':
      return sessionFacts(entry.session);
  }
}

function sessionFacts(session: Session): Fact[] {
  const { endpoint, presharedKey, isDefaultPort } = session;
  const addresses = [session.ipv4, session.ipv6, session.ipv6LinkLocal].filter((each) => each !== undefined);
  const own = [session.localIpv4, session.localIpv6, session.ownIpv6].filter((each) => each !== undefined);
  return [
    { what: 'status', value: session.status },
    { what: 'neighbor', value: `AS${session.asn}${session.description ? `, ${session.description}` : ''}` },
    { what: 'policy', value: session.policy },
    { what: 'endpoint', value: endpoint ? formatEndpoint(endpoint.host, endpoint.port) : 'none' },
    { what: 'public key', value: session.publicKey },
    { what: 'preshared key', value: presharedKey ? 'set' : 'none' },
    {
      what: 'listen port',
      value: String(session.listenPort),
      ...(isDefaultPort ? { why: 'the row names none; this is the default' } : {}),
    },
    { what: 'MTU', value: String(session.mtu) },
    { what: "neighbor's addresses", value: addresses.join(', ') || 'none' },
    ...(own.length > 0 ? [{ what: 'our addresses', value: own.join(', ') }] : []),
    {
      what: 'BGP',
      value: `${session.mpBgp ? 'one session for both address families' : 'one session per address family'}, ${session.extendedNextHop ? 'with' : 'without'} extended next hop`,
    },
  ];
}
