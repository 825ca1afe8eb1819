import type { MeshRow, NodeStatus, SessionRow } from '../shell/status/status.js';
import { type GroupKey, groupRows } from '../words/groups.js';
import { nameOfRow } from '../words/row-words.js';
import { printable } from '../words/text.js';

/** A session or mesh peer as the page lists it. */
export interface PageRow {
  readonly kind: 'session' | 'mesh';
  readonly row: SessionRow | MeshRow;
  readonly group: GroupKey;
  /** The word by which `explain` knows it. */
  readonly word: string;
  /** `AS4242421080`, `node 2`. */
  readonly id: string;
  readonly name: string;
  /** The state of its BGP, in BIRD's words. */
  readonly bgp: string | undefined;
}

/** All rows of a status, those that need a person first. */
export function pageRows(status: NodeStatus): readonly PageRow[] {
  return groupRows(status).flatMap(({ key, sessions, mesh }) => [
    ...sessions.map((row) => ofSession(row, key)),
    ...mesh.map((row) => ofMesh(row, key)),
  ]);
}

function ofSession(row: SessionRow, group: GroupKey): PageRow {
  const id = row.asn === undefined ? printable(row.uuid) : `AS${row.asn}`;
  const name = printable(nameOfRow(row));
  return { kind: 'session', row, group, word: row.uuid, id, name, bgp: row.bgp?.state };
}

function ofMesh(row: MeshRow, group: GroupKey): PageRow {
  const name = printable(row.name);
  return { kind: 'mesh', row, group, word: row.interface, id: `node ${row.nodeId}`, name, bgp: row.bgp };
}
