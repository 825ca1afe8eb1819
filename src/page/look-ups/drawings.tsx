import type { ExplainedRoute, RouteExplanation } from '../../core/explain/route/route-explanation.js';
import { printable } from '../../words/text.js';
import { formatMs } from '../../words/units.js';
import { Bar } from '../parts/bar.js';
import { Card, Facts } from '../parts/layout.js';
import type { Path } from './paths.js';
import type { PingResult } from './ping.js';
import type { Hop } from './trace.js';

export function PingDrawing({ result }: { readonly result: PingResult }) {
  const largest = Math.max(...result.replies.map(({ ms = 0 }) => ms), 0.001);
  return (
    <>
      <table class="bars">
        <thead>
          <tr>
            <th scope="col">Ping</th>
            <th scope="col">Round-trip time</th>
          </tr>
        </thead>
        <tbody>
          {result.replies.map(({ sequence, ms }) => (
            <tr key={sequence}>
              <th scope="row">{sequence}</th>
              <td>
                {ms === undefined ? (
                  <span class="bad">no answer</span>
                ) : (
                  <>
                    <Bar part={ms / largest} kind="rx" />
                    {formatMs(ms)}
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>{printable(result.summary)}</p>
    </>
  );
}

export function TraceDrawing({ hops }: { readonly hops: readonly Hop[] }) {
  const largest = Math.max(...hops.flatMap(({ ms }) => ms), 0.001);
  return (
    <table class="bars hops">
      <thead>
        <tr>
          <th scope="col">Hop</th>
          <th scope="col">Router</th>
          <th scope="col">Round-trip time</th>
        </tr>
      </thead>
      <tbody>
        {hops.map(({ number, addresses, ms, lost, refusals }) => (
          <tr key={number}>
            <th scope="row">{number}</th>
            <td class="mono">
              {addresses.length === 0 ? <span class="dim">nobody answers</span> : addresses.join(', ')}
              {refusals.length > 0 && <span class="bad"> {refusals.join(' ')}</span>}
            </td>
            <td>
              {ms.length > 0 && (
                <>
                  <Bar part={Math.min(...ms) / largest} kind="rx" />
                  {formatMs(Math.min(...ms))}
                </>
              )}
              {ms.length > 0 && lost > 0 && <span class="warn"> {lost} lost</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The ASes from this node to the origin. */
function Chain({ asns }: { readonly asns: readonly string[] }) {
  return (
    <ol class="chain" aria-label="AS path">
      <li class="here">this node</li>
      {asns.map((each, index) => (
        <li key={index}>{/^\d/.test(each) ? `AS${each}` : printable(each)}</li>
      ))}
    </ol>
  );
}

export function PathDrawing({ paths }: { readonly paths: readonly Path[] }) {
  return (
    <ul class="plain">
      {paths.map(({ network, isBest, protocol, asns }, index) => (
        <li key={index} class={isBest ? 'best' : ''}>
          <span class="mono">{network}</span> {isBest && <strong class="good">best</strong>}{' '}
          <span class="dim">{protocol}</span>
          {asns.length === 0 ? <p>our own</p> : <Chain asns={asns} />}
        </li>
      ))}
    </ul>
  );
}

const tones = { used: 'good', spare: 'dim', refused: 'bad' } as const;

export function RouteDrawing({ answer }: { readonly answer: RouteExplanation }) {
  const { summary, routes, roas, targets } = answer;
  const sent = targets.filter(({ isSent }) => isSent);
  const kept = targets.filter(({ isSent }) => !isSent);
  return (
    <>
      <p class="verdict">{printable(summary)}</p>
      <div class="cards">
        {routes.map((route, index) => (
          <Card
            key={index}
            title={`${printable(route.network)} from ${printable(route.source)}`}
            aside={<strong class={tones[route.state]}>{route.state}</strong>}
            size="wide"
          >
            <Chain asns={route.asPath} />
            <Facts rows={factsOf(route)} />
          </Card>
        ))}
        {roas.length > 0 && (
          <Card title="ROAs that speak of it">
            <ul class="plain">
              {roas.map((roa) => (
                <li key={roa}>{printable(roa)}</li>
              ))}
            </ul>
          </Card>
        )}
        <Targets title="sent to" targets={sent} />
        <Targets title="not sent to" targets={kept} />
      </div>
    </>
  );
}

function factsOf({ why, localPreference, roa, via, communities }: ExplainedRoute) {
  const rows: (readonly [string, string])[] = [
    ['why', why],
    ...(localPreference === undefined ? [] : [['local preference', `${localPreference}`] as const]),
    ...(roa === undefined ? [] : [['RPKI', roa] as const]),
    ...via.map((each) => ['next hop', each] as const),
    ...communities.map((each) => ['communities', each] as const),
  ];
  return rows.map(([name, value]) => [name, printable(value)] as const);
}

function Targets({
  title,
  targets,
}: {
  readonly title: string;
  readonly targets: RouteExplanation['targets'];
}) {
  if (targets.length === 0) return null;
  return (
    <Card title={title}>
      <ul class="plain">
        {targets.map(({ to, protocol, why }) => (
          <li key={protocol}>
            {printable(to)} <span class="dim">({protocol})</span>
            {why === undefined ? '' : `: ${printable(why)}`}
          </li>
        ))}
      </ul>
    </Card>
  );
}
