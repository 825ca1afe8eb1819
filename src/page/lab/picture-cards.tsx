import type { Story } from '../../lab/story/story.js';
import type { Box, Column, PlacedPeer } from '../../lab/topology/layout.js';
import { StateSign, stateTones } from './state-sign.js';
import { sessionOf } from './story-session.js';

/** The control plane, or the RPKI cache. */
export function ServerCard({
  box,
  name,
  detail,
}: {
  readonly box: Box;
  readonly name: string;
  readonly detail: string;
}) {
  const middle = box.x + box.width / 2;
  return (
    <g class="lab-card server">
      <Frame box={box} />
      <text class="name" x={middle} y={box.y + 21} text-anchor="middle">
        {name}
      </text>
      <text class="detail" x={middle} y={box.y + 38} text-anchor="middle">
        {detail}
      </text>
    </g>
  );
}

const agentWords = {
  starts: 'the agent starts',
  runs: 'open its page →',
  ended: 'the agent has ended',
} as const;

/** A node of ours: a link to its own page, once its agent runs. */
export function NodeCard({ story, column }: { readonly story: Story; readonly column: Column }) {
  const { node, box, peers } = column;
  const { x, y } = box;
  const seen = story.look?.nodes.find(({ name }) => name === node.name)?.agent ?? 'starts';
  const agent = story.ended === undefined ? seen : 'ended';
  const up = peers.filter(({ peer }) => sessionOf(story, peer.asn).state === 'up').length;
  const wanted = peers.filter(({ peer }) => sessionOf(story, peer.asn).state !== 'off').length;
  const drawing = (
    <g class={`lab-card node ${agent}`}>
      <Frame box={box} />
      <text class="name" x={x + 18} y={y + 25}>
        {node.name}
      </text>
      {node.isRouteReflector && (
        <Badge right={x + box.width - 10} y={y + 10} word="route reflector" kind="reflector" />
      )}
      <text class="detail" x={x + 18} y={y + 44}>
        {node.region.name} · {node.bandwidth} · {node.address}
      </text>
      <text class="detail" x={x + 18} y={y + 66}>
        {up} of {wanted} sessions up
      </text>
      <text class="act" x={x + box.width - 12} y={y + 66} text-anchor="end">
        {agentWords[agent]}
      </text>
    </g>
  );
  if (agent !== 'runs') return drawing;
  return <a href={`nodes/${encodeURIComponent(node.name)}/`}>{drawing}</a>;
}

/** A peer, and how its session is. */
export function PeerCard({ story, place }: { readonly story: Story; readonly place: PlacedPeer }) {
  const { peer, box } = place;
  const { x, y } = box;
  const { state, words } = sessionOf(story, peer.asn);
  // What nearly all run is not worth the room; the table of sessions says it of each.
  const daemon = peer.daemon === 'FRR' ? [peer.daemon] : [];
  const remarks = [peer.session.interface, peer.kind, ...daemon, ...(peer.hasPresharedKey ? ['PSK'] : [])];
  return (
    <g class={`lab-card peer policy-${peer.policy} ${state}`}>
      <title>
        {peer.announces.map(({ what, prefixes }) => `${what}: ${prefixes.join(', ')}`).join('\n')}
      </title>
      <Frame box={box} />
      <text class="peer-name" x={x + 16} y={y + 21}>
        AS{peer.asn}
      </text>
      <Badge right={x + box.width - 9} y={y + 8} word={peer.policy} kind="policy" />
      <text class="detail" x={x + 16} y={y + 38}>
        {remarks.join(' · ')}
      </text>
      <g transform={`translate(${x + 21} ${y + 53})`}>
        <StateSign state={state} />
      </g>
      <text class={`state ${stateTones[state]}`} x={x + 33} y={y + 57}>
        {words}
      </text>
    </g>
  );
}

function Frame({ box: { x, y, width, height } }: { readonly box: Box }) {
  return (
    <>
      <rect class="frame" x={x} y={y} width={width} height={height} rx="8" />
      <path class="edge" d={`M ${x + 8} ${y} h -2 a 6 8 0 0 0 -6 8 v ${height - 16} a 6 8 0 0 0 6 8 h 2 z`} />
    </>
  );
}

/** A word on a color; `right` is where it ends. */
function Badge({
  right,
  y,
  word,
  kind,
}: {
  readonly right: number;
  readonly y: number;
  readonly word: string;
  readonly kind: string;
}) {
  const width = 14 + 6.6 * word.length;
  return (
    <g class={`badge ${kind}`}>
      <rect x={right - width} y={y} width={width} height={18} rx={9} />
      <text x={right - width / 2} y={y + 12.8} text-anchor="middle">
        {word}
      </text>
    </g>
  );
}
