import { useState } from 'preact/hooks';
import { formatBytes } from '../../core/explain/units.js';
import type { SessionRow } from '../../shell/status/status.js';
import { bgpWords, lossWords, troubleOfRow, tunnelWords } from '../../words/row-words.js';
import { counted, printable } from '../../words/text.js';
import { formatMs } from '../../words/units.js';
import type { Live } from '../live.js';
import { useNow } from '../parts/hooks.js';
import { Choice, ViewTitle } from '../parts/layout.js';
import { GroupMark, Toned } from '../parts/marks.js';
import { Spark } from '../parts/spark.js';
import { linkTo } from '../route.js';
import { type PageRow, pageRows } from '../rows.js';
import { type ColumnName, filterRows, type Order, type Shown, sortRows } from './order.js';

interface Column {
  readonly name: ColumnName | undefined;
  readonly title: string;
  /** Left out where the screen is narrow. */
  readonly rank: 'always' | 'middle' | 'wide';
  readonly isNumber?: boolean;
}

const columns: readonly Column[] = [
  { name: 'state', title: 'State', rank: 'always' },
  { name: 'id', title: 'ASN', rank: 'always' },
  { name: 'name', title: 'Name', rank: 'middle' },
  { name: undefined, title: 'Handshake', rank: 'wide' },
  { name: undefined, title: 'BGP', rank: 'middle' },
  { name: 'rtt', title: 'RTT', rank: 'always', isNumber: true },
  { name: undefined, title: 'Trend', rank: 'wide' },
  { name: 'loss', title: 'Loss', rank: 'middle', isNumber: true },
  { name: 'in', title: 'In', rank: 'middle', isNumber: true },
  { name: 'refused', title: 'Refused', rank: 'wide', isNumber: true },
  { name: 'out', title: 'Out', rank: 'middle', isNumber: true },
  { name: 'rx', title: 'Received', rank: 'wide', isNumber: true },
  { name: 'tx', title: 'Sent', rank: 'wide', isNumber: true },
  { name: 'flaps', title: 'Flaps', rank: 'wide', isNumber: true },
];

const choices: readonly (readonly [Shown, string])[] = [
  ['all', 'All'],
  ['needs-you', 'Needs you'],
  ['working', 'Working on it'],
  ['peer-side', "Peer's side"],
  ['up', 'Up'],
  ['off', 'Off'],
];

/** All sessions and mesh peers. `shown` is the group that the address names. */
export function Sessions({
  live,
  shown,
  isFirst,
}: {
  readonly live: Live;
  readonly shown: string | undefined;
  readonly isFirst: boolean;
}) {
  const now = useNow(live);
  const [filter, setFilter] = useState('');
  const [order, setOrder] = useState<Order>({ column: 'state', isDown: false });
  const group = choices.find(([key]) => key === shown)?.[0] ?? 'all';
  const all = pageRows(live.status);
  const rows = sortRows(filterRows(all, group, filter), order);
  return (
    <>
      <ViewTitle isFirst={isFirst}>Sessions</ViewTitle>
      <div class="tools">
        <label class="search">
          <span class="hidden">Filter by ASN, name, interface or words</span>
          <input
            type="search"
            placeholder="ASN, name, interface, words"
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </label>
        <Choice
          label="Which sessions"
          options={choices}
          value={group}
          onChoose={(key) => {
            location.hash = key === 'all' ? linkTo('sessions') : linkTo('sessions', key);
          }}
        />
        <p class="dim small" role="status">
          {rows.length === all.length
            ? counted(all.length, 'row')
            : `${rows.length} of ${counted(all.length, 'row')}`}
        </p>
      </div>
      <div class="scroll">
        <table class="list">
          <caption class="hidden">Sessions and mesh peers</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Heading key={column.title} column={column} order={order} onOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={`${row.kind} ${row.word}`} of={row} now={now} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p>{all.length === 0 ? 'no sessions' : 'no session matches'}</p>}
    </>
  );
}

function Heading({
  column: { name, title, rank, isNumber },
  order,
  onOrder,
}: {
  readonly column: Column;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
}) {
  const classes = `${rank} ${isNumber ? 'number' : ''}`;
  if (name === undefined)
    return (
      <th scope="col" class={classes}>
        {title}
      </th>
    );
  const isCurrent = order.column === name;
  const direction = isCurrent ? (order.isDown ? 'descending' : 'ascending') : 'none';
  // Of numbers, the largest are mostly wanted first.
  const next = isCurrent ? !order.isDown : isNumber === true;
  return (
    <th scope="col" class={classes} aria-sort={direction}>
      <button type="button" onClick={() => onOrder({ column: name, isDown: next })}>
        {title}
        <span aria-hidden="true">{isCurrent ? (order.isDown ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

function Row({ of, now }: { readonly of: PageRow; readonly now: number }) {
  const { row, group } = of;
  const session = row as SessionRow;
  const bgp = bgpWords(of.bgp);
  const tunnel = tunnelWords(row.tunnel, group === 'off');
  const loss = lossWords(row.loss);
  const trouble = troubleOfRow(row, now);
  return (
    <>
      <tr class={trouble === undefined ? '' : 'noted'}>
        <td class="always">
          <GroupMark group={group} />
        </td>
        <th scope="row" class="always">
          <a href={linkTo('session', of.word)}>
            <bdi>{of.id}</bdi>
            <bdi class="narrow-only"> {of.name}</bdi>
          </a>
        </th>
        <td class="middle name">
          <bdi>{of.name}</bdi>
        </td>
        <td class="wide">
          <Toned tone={tunnel.style}>{tunnel.text}</Toned>
        </td>
        <td class="middle">
          <Toned tone={bgp.style}>{bgp.text}</Toned>
        </td>
        <td class="always number">{row.rttMs === undefined ? '' : formatMs(row.rttMs)}</td>
        <td class="wide">{session.rttHistory && <Spark values={session.rttHistory} />}</td>
        <td class="middle number">
          <Toned tone={loss.style}>{loss.text}</Toned>
        </td>
        <td class="middle number">{session.routesImported}</td>
        <td class="wide number">
          <Toned tone={session.routesRefused ? 'warn' : undefined}>{`${session.routesRefused ?? ''}`}</Toned>
        </td>
        <td class="middle number">{session.routesExported}</td>
        <td class="wide number">{row.tunnel?.present ? formatBytes(row.tunnel.rxBytes) : ''}</td>
        <td class="wide number">{row.tunnel?.present ? formatBytes(row.tunnel.txBytes) : ''}</td>
        <td class="wide number">{session.flaps || ''}</td>
      </tr>
      {trouble !== undefined && (
        <tr class="note">
          <td colSpan={columns.length}>{printable(trouble)}</td>
        </tr>
      )}
    </>
  );
}
