import type { MeshRow, NodeStatus, SessionRow } from './status.js';

/** The rows of a list that are new, by their place in it. */
interface RowChanges<Row> {
  readonly length: number;
  readonly rows: readonly (readonly [number, Row])[];
}

/** What has changed of a status since the message before; the first one has all. */
export interface StatusMessage {
  readonly nowSeconds: number;
  readonly node: Omit<NodeStatus, 'sessions' | 'mesh'>;
  readonly sessions: RowChanges<SessionRow>;
  readonly mesh: RowChanges<MeshRow>;
}

/** A status as it was told, with the texts by which the next one is compared. */
export interface ToldStatus {
  readonly node: string;
  readonly sessions: readonly string[];
  readonly mesh: readonly string[];
}

const nothingTold: ToldStatus = { node: '', sessions: [], mesh: [] };

/** Compares a status with what was told before; `message` is undefined where only ages differ. */
export function statusChanges(
  { sessions, mesh, ...node }: NodeStatus,
  nowSeconds: number,
  before: ToldStatus = nothingTold,
): { readonly told: ToldStatus; readonly message: StatusMessage | undefined } {
  const text = (row: SessionRow | MeshRow) => JSON.stringify(withTimes(row, nowSeconds));
  const told = { node: nodeText(node), sessions: sessions.map(text), mesh: mesh.map(text) };
  const message: StatusMessage = {
    nowSeconds,
    node,
    sessions: changed(sessions, told.sessions, before.sessions),
    mesh: changed(mesh, told.mesh, before.mesh),
  };
  const isSame =
    told.node === before.node && [message.sessions, message.mesh].every(({ rows }) => rows.length === 0);
  const isAsLong = told.sessions.length === before.sessions.length && told.mesh.length === before.mesh.length;
  return { told, message: isSame && isAsLong ? undefined : message };
}

/** The status after a message. `before` is undefined for the first one. */
export function withChanges(
  { nowSeconds, node, sessions, mesh }: StatusMessage,
  before: { readonly status: NodeStatus; readonly nowSeconds: number } | undefined,
): NodeStatus {
  const old = before && aged(before.status, nowSeconds - before.nowSeconds);
  return { ...node, sessions: patched(old?.sessions, sessions), mesh: patched(old?.mesh, mesh) };
}

/** The status some seconds later, where nothing but its ages has changed. */
export function aged(status: NodeStatus, seconds: number): NodeStatus {
  const { agent, pass } = status;
  return {
    ...status,
    agent: { ...agent, uptimeSeconds: agent.uptimeSeconds + seconds },
    pass: {
      completedSecondsAgo: later(pass.completedSecondsAgo, seconds),
      runningSeconds: later(pass.runningSeconds, seconds),
    },
    sessions: status.sessions.map((row) => agedRow(row, seconds)),
    mesh: status.mesh.map((row) => agedRow(row, seconds)),
  };
}

function agedRow<Row extends SessionRow | MeshRow>(row: Row, seconds: number): Row {
  if (seconds === 0 || row.tunnel?.handshakeSecondsAgo === undefined) return row;
  const handshakeSecondsAgo = row.tunnel.handshakeSecondsAgo + seconds;
  return { ...row, tunnel: { ...row.tunnel, handshakeSecondsAgo } };
}

function later(age: number | undefined, seconds: number): number | undefined {
  return age === undefined ? undefined : age + seconds;
}

function nodeText({ agent, pass, ...rest }: StatusMessage['node']): string {
  const isRunning = pass.runningSeconds !== undefined;
  return JSON.stringify({ ...rest, agent: { ...agent, uptimeSeconds: 0 }, pass: isRunning });
}

/** With the time of the handshake instead of its age. */
function withTimes({ tunnel, ...row }: SessionRow | MeshRow, nowSeconds: number): object {
  if (tunnel?.handshakeSecondsAgo === undefined) return { ...row, tunnel };
  return { ...row, tunnel: { ...tunnel, handshakeSecondsAgo: nowSeconds - tunnel.handshakeSecondsAgo } };
}

function changed<Row>(
  rows: readonly Row[],
  texts: readonly string[],
  before: readonly string[],
): RowChanges<Row> {
  const fresh = rows.flatMap((row, index) => (texts[index] === before[index] ? [] : [[index, row] as const]));
  return { length: rows.length, rows: fresh };
}

function patched<Row>(before: readonly Row[] | undefined, { length, rows }: RowChanges<Row>): Row[] {
  const all = (before ?? []).slice(0, length);
  for (const [index, row] of rows) all[index] = row;
  return all;
}
