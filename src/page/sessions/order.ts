import type { MeshRow, SessionRow } from '../../shell/status/status.js';
import type { GroupKey } from '../../words/groups.js';
import { matcherOf } from '../parts/filter.js';
import type { PageRow } from '../rows.js';

export type ColumnName =
  | 'state'
  | 'id'
  | 'name'
  | 'rtt'
  | 'loss'
  | 'in'
  | 'refused'
  | 'out'
  | 'rx'
  | 'tx'
  | 'flaps';

export interface Order {
  readonly column: ColumnName;
  readonly isDown: boolean;
}

type Value = number | string | undefined;

/** Undefined: not known; such rows come last, whatever the direction. */
const values: Readonly<Record<ColumnName, (row: PageRow, place: number) => Value>> = {
  state: (_, place) => place,
  id: ({ row, kind }) => (kind === 'session' ? (row as SessionRow).asn : (row as MeshRow).nodeId),
  name: ({ name }) => name.toLowerCase() || undefined,
  rtt: ({ row }) => row.rttMs,
  loss: ({ row }) => row.loss,
  in: ({ row }) => (row as SessionRow).routesImported,
  refused: ({ row }) => (row as SessionRow).routesRefused,
  out: ({ row }) => (row as SessionRow).routesExported,
  rx: ({ row }) => row.tunnel?.rxBytes,
  tx: ({ row }) => row.tunnel?.txBytes,
  flaps: ({ row }) => (row as SessionRow).flaps,
};

/** The rows in order; `state` is the order in which they come, by who has to act. */
export function sortRows(rows: readonly PageRow[], { column, isDown }: Order): readonly PageRow[] {
  const keyed = rows.map((row, place) => ({ row, value: values[column](row, place) }));
  keyed.sort((a, b) => {
    if (a.value === undefined || b.value === undefined)
      return Number(a.value === undefined) - Number(b.value === undefined);
    return (isDown ? -1 : 1) * compare(a.value, b.value);
  });
  return keyed.map(({ row }) => row);
}

function compare(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a) < String(b)
      ? -1
      : a === b
        ? 0
        : 1;
}

export type Shown = 'all' | 'needs-you' | 'working' | 'peer-side' | 'up' | 'off';

/** Those of a group in which all words of the filter occur: of ASN, name, interface, uuid, BGP state or trouble. */
export function filterRows(rows: readonly PageRow[], shown: Shown, filter: string): readonly PageRow[] {
  const matches = matcherOf(filter);
  return rows.filter((row) => (shown === 'all' || shownOf(row.group) === shown) && matches(textsOf(row)));
}

function shownOf(group: GroupKey): Shown {
  return group === 'mesh' ? 'up' : group;
}

function textsOf({ id, name, word, row, bgp, group }: PageRow): readonly (string | undefined)[] {
  return [id, name, word, row.interface, bgp, row.trouble?.words, row.error, group];
}
