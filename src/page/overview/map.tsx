import { groupTones } from '../../words/groups.js';
import { formatMs } from '../../words/units.js';
import { useWidth } from '../parts/hooks.js';
import { GroupSign, groupWords } from '../parts/marks.js';
import { linkTo } from '../route.js';
import type { PageRow } from '../rows.js';
import { layoutMap, type MapPoint } from './map-layout.js';

interface Point extends MapPoint {
  readonly of: PageRow;
}

/** Of more, only those that need somebody have a line to the node. */
const mostLinks = 80;
const leastUrgentScale = 0.75;

/** The node and what is around it. The table of sessions has the same for those who cannot see it. */
export function NodeMap({ node, rows }: { readonly node: string; readonly rows: readonly PageRow[] }) {
  const [ref, width] = useWidth();
  const points = rows.filter(({ row }) => row.interface !== undefined).map(pointOf);
  return (
    <div ref={ref} class="map">
      {width > 0 && <Drawing node={node} points={points} width={width} />}
      <Legend rows={rows} />
    </div>
  );
}

function pointOf(of: PageRow): Point {
  const { row, group } = of;
  const label = of.kind === 'mesh' ? of.name : of.name === row.interface ? of.id : of.name || of.id;
  const isUrgent = group === 'needs-you' || group === 'working' || of.kind === 'mesh';
  return { of, key: of.word, label, rttMs: row.rttMs, isUrgent };
}

function Drawing({
  node,
  points,
  width,
}: {
  readonly node: string;
  readonly points: readonly Point[];
  readonly width: number;
}) {
  const { height, center, points: unordered, rings, signScale } = layoutMap(points, width);
  // What needs somebody is drawn last, above the others, and never very small.
  const placed = unordered.toSorted((a, b) => Number(a.point.isUrgent) - Number(b.point.isUrgent));
  const linked = placed.length > mostLinks ? placed.filter(({ point }) => point.isUrgent) : placed;
  const scaleOf = ({ isUrgent }: Point) => (isUrgent ? Math.max(signScale, leastUrgentScale) : signScale);
  const words = `${node} in the middle, ${points.length} neighbors and nodes around it, farther out the longer their round-trip time`;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={words}>
      {rings.map(({ radius, rttMs }) => (
        <g key={rttMs} class="ring">
          <circle cx={center.x} cy={center.y} r={radius} />
          <text x={center.x} y={center.y - radius - 3} text-anchor="middle">
            {rttMs} ms
          </text>
        </g>
      ))}
      {linked.map(({ point, x, y }) => (
        <line
          key={point.key}
          class={`link ${groupTones[point.of.group]} ${point.of.kind}`}
          x1={center.x}
          y1={center.y}
          x2={x}
          y2={y}
        />
      ))}
      {placed.map(({ point, x, y, label }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; the table has links
        <g key={point.key} class="point" onClick={() => open(point)}>
          <title>{titleOf(point)}</title>
          {label && (
            <>
              <path class="leader" d={`M${x} ${y}L${label.x} ${label.y}`} />
              <text
                x={label.x + (label.side === 'right' ? 4 : -4)}
                y={label.y + 4}
                text-anchor={label.side === 'right' ? 'start' : 'end'}
              >
                {shorten(point.label)} <tspan class="rtt">{rttOf(point)}</tspan>
              </text>
            </>
          )}
          <g transform={`translate(${x} ${y})`}>
            <circle class="target" r="9" />
            <g transform={`scale(${scaleOf(point).toFixed(2)})`}>
              <GroupSign group={point.of.group} />
            </g>
          </g>
        </g>
      ))}
      <g transform={`translate(${center.x} ${center.y})`} class="self">
        <circle r="7" />
        <text y="22" text-anchor="middle">
          {shorten(node)}
        </text>
      </g>
    </svg>
  );
}

function open(point: Point): void {
  location.hash = linkTo('session', point.of.word);
}

function titleOf({ of, rttMs }: Point): string {
  const parts = [of.id, of.name, groupWords[of.group], rttMs === undefined ? '' : formatMs(rttMs)];
  return parts.filter(Boolean).join(', ');
}

function rttOf({ rttMs }: Point): string {
  return rttMs === undefined ? '' : formatMs(rttMs);
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length > 15 ? `${characters.slice(0, 14).join('')}…` : text;
}

const legend = ['up', 'mesh', 'needs-you', 'working', 'peer-side', 'off'] as const;

function Legend({ rows }: { readonly rows: readonly PageRow[] }) {
  return (
    <ul class="legend">
      {legend.map((key) => {
        const count = rows.filter(({ group }) => group === key).length;
        return count === 0 ? null : (
          <li key={key}>
            <svg class="glyph" viewBox="-8 -8 16 16" aria-hidden="true">
              <GroupSign group={key} />
            </svg>
            {count} {key === 'mesh' ? 'of our nodes' : groupWords[key]}
          </li>
        );
      })}
    </ul>
  );
}
