import type { NodeStatus, SessionRow } from '../../shell/status/status.js';

/** What of a status is to be shown. */
export interface Selection {
  /** An ASN, a uuid, an interface or a description; undefined: all. */
  readonly session: string | undefined;
  readonly problems: boolean;
}

/**
 * The status with the chosen rows only. Of one session: as healthy as that session is. Undefined where no session has that name.
 */
export function selectRows(status: NodeStatus, { session, problems }: Selection): NodeStatus | undefined {
  const named = session === undefined ? status : ofSession(status, session);
  return named && problems ? withTrouble(named) : named;
}

/** The status without the rows in which nothing is wrong. */
export function withTrouble(status: NodeStatus): NodeStatus {
  return {
    ...status,
    sessions: status.sessions.filter(({ trouble, error }) => trouble !== undefined || error !== undefined),
    mesh: status.mesh.filter(({ trouble, error }) => trouble !== undefined || error !== undefined),
  };
}

function ofSession(status: NodeStatus, name: string): NodeStatus | undefined {
  const sessions = status.sessions.filter((row) => isNamed(row, name));
  if (sessions.length === 0) return undefined;
  const ok = sessions.every(({ trouble, error }) =>
    trouble ? trouble.kind === 'peer-side' : error === undefined,
  );
  return { ...status, health: ok ? 'ok' : 'degraded', sessions, mesh: [] };
}

function isNamed({ asn, uuid, interface: link, description, bgp }: SessionRow, name: string): boolean {
  const wanted = name.toLowerCase();
  const names = [uuid, link, description, ...(bgp?.protocols ?? [])];
  const asns = asn === undefined ? [] : [`${asn}`, `as${asn}`];
  return [...names.map((each) => each?.toLowerCase()), ...asns].includes(wanted);
}
