import { formatBytes } from '../../core/explain/units.js';
import { firstSentences } from '../../core/model/list-some.js';
import { type GroupKey, groupTitles } from '../../words/groups.js';
import { troubleOfRow } from '../../words/row-words.js';
import { causeOf, furtherProblems, maintenanceWords, nodeFacts, remedies } from '../../words/status-words.js';
import { printable } from '../../words/text.js';
import { formatRate } from '../../words/units.js';
import type { Live } from '../live.js';
import { Bar } from '../parts/bar.js';
import { useNow } from '../parts/hooks.js';
import { Card, Facts, Notice, ViewTitle } from '../parts/layout.js';
import { Linked } from '../parts/linked.js';
import { linkTo } from '../route.js';
import { type PageRow, pageRows } from '../rows.js';
import { NodeMap } from './map.js';
import { viewTraffic } from './traffic.js';

const mostProblems = 40;
const mostTroubles = 12;
const mostCarriers = 8;

/** The node at a glance, as `moenet-agent status` says it. */
export function Overview({ live, isFirst }: { readonly live: Live; readonly isFirst: boolean }) {
  const { status } = live;
  const now = useNow(live);
  const rows = pageRows(status);
  const maintenance = maintenanceWords(status, now);
  const problems = firstSentences(
    furtherProblems(status),
    mostProblems,
    'problems: moenet-agent status --json',
  );
  return (
    <>
      <ViewTitle isFirst={isFirst}>
        <span class={status.health === 'ok' ? 'good' : 'bad'}>{status.health}</span>:{' '}
        <Linked text={printable(causeOf(status))} rows={rows} />
      </ViewTitle>
      {maintenance !== undefined && <Notice tone="warn">{maintenance}</Notice>}
      {status.problems.length > 0 && (
        <ul class="problems">
          {problems.map((problem) => (
            <li key={problem} class="bad">
              <Linked text={printable(problem)} rows={rows} />
            </li>
          ))}
          {remedies(status).map((remedy) => (
            <li key={remedy}>{remedy}</li>
          ))}
        </ul>
      )}
      <div class="cards">
        <Troubles rows={rows} now={now} />
        <div class="picture">
          <Card title="Neighbors and mesh">
            <NodeMap node={printable(status.agent.node)} rows={rows} />
          </Card>
        </div>
        <div class="beside">
          <Card title="Node">
            <Facts rows={nodeFacts(status, now).map(([name, text]) => [name, printable(text)] as const)} />
          </Card>
          <TrafficCard live={live} rows={rows} />
        </div>
        {(status.notes ?? []).length > 0 && (
          <Card title="Notes" size="wide">
            <ul class="plain">
              {(status.notes ?? []).map((note) => (
                <li key={note}>{printable(note)}</li>
              ))}
            </ul>
          </Card>
        )}
      </div>
    </>
  );
}

const troubles: readonly GroupKey[] = ['needs-you', 'working', 'peer-side'];

/** By who has to act; only what is there. */
function Troubles({ rows, now }: { readonly rows: readonly PageRow[]; readonly now: number }) {
  const groups = troubles.filter((key) => rows.some(({ group }) => group === key));
  return groups.map((key) => {
    const own = rows.filter(({ group }) => group === key);
    return (
      <Card
        key={key}
        title={groupTitles[key]}
        size={groups.length === 3 ? 'third' : groups.length === 1 ? 'wide' : 'half'}
        aside={<span class="count">{own.length}</span>}
      >
        <ul class="troubles">
          {own.slice(0, mostTroubles).map((each) => (
            <li key={each.word}>
              <a href={linkTo('session', each.word)}>
                <bdi>{each.id}</bdi> <bdi>{each.name}</bdi>
              </a>
              <p>{printable(troubleOfRow(each.row, now) ?? '')}</p>
            </li>
          ))}
        </ul>
        {own.length > mostTroubles && (
          <p>
            <a href={linkTo('sessions', key)}>all {own.length}</a>
          </p>
        )}
      </Card>
    );
  });
}

function TrafficCard({ live, rows }: { readonly live: Live; readonly rows: readonly PageRow[] }) {
  const { isRate, received, sent, largest } = viewTraffic(live.traffic, live.status, mostCarriers);
  const amount = isRate ? formatRate : formatBytes;
  const most = Math.max(1, ...largest.map((each) => Math.max(each.received, each.sent)));
  return (
    <Card
      title="Traffic"
      aside={
        <span class="count">
          {amount(received)} in, {amount(sent)} out
        </span>
      }
    >
      <p class="dim small">
        {isRate
          ? 'between the last two readings'
          : 'since the tunnels were made; rates follow with the next reading'}
      </p>
      <table class="bars two">
        <thead>
          <tr>
            <th scope="col">Tunnel</th>
            <th scope="col">In</th>
            <th scope="col">Out</th>
          </tr>
        </thead>
        <tbody>
          {largest.map(({ row, received: rx, sent: tx }) => {
            const of = rows.find((each) => each.row === row);
            return (
              <tr key={row.interface}>
                <th scope="row">
                  <bdi>{of?.name || of?.id || row.interface}</bdi>
                </th>
                <td>
                  <Bar part={rx / most} kind="rx" />
                  {amount(rx)}
                </td>
                <td>
                  <Bar part={tx / most} kind="tx" />
                  {amount(tx)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {largest.length === 0 && <p>no traffic</p>}
    </Card>
  );
}
