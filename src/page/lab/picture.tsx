import { linkState } from '../../lab/story/states.js';
import type { Story } from '../../lab/story/story.js';
import { type Layout, layOut, ofPage } from '../../lab/topology/layout.js';
import { ibgpPaths, meshPaths, type NodePath, serverPaths, sessionPaths } from '../../lab/topology/paths.js';
import { useWidth } from '../parts/hooks.js';
import { NodeCard, PeerCard, ServerCard } from './picture-cards.js';
import { StateSign } from './state-sign.js';
import { isGone, sessionOf } from './story-session.js';

/** Less than this, and nobody can read it: it scrolls instead. */
const leastScale = 0.82;
const mostScale = 1.2;

/** The whole network, with the state of each thing in it. */
export function Picture({ story }: { readonly story: Story }) {
  const [ref, width] = useWidth();
  const { scenario } = story;
  if (!scenario) return <p class="dim">the lab starts</p>;
  const { nodes } = scenario;
  const peers = (story.look?.peers ?? scenario.peers).filter(({ asn }) => !isGone(story, asn));
  const layout = layOut({ nodes, peers }, ofPage);
  const scale = Math.min(mostScale, Math.max(leastScale, width / layout.width));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section ref={ref} class="lab-picture" aria-label="picture of the network" tabIndex={0}>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no element for a group that has a name
        <svg
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          width={Math.floor(layout.width * scale)}
          height={Math.floor(layout.height * scale)}
          role="group"
          aria-label={`${nodes.length} nodes and ${peers.length} peers; the table of sessions has the same in words`}
        >
          <Links story={story} layout={layout} />
          <ServerCard box={layout.controlPlane} name="control plane" detail="sessions, mesh, policy" />
          <ServerCard box={layout.rpkiCache} name="RPKI cache" detail="who may announce what" />
          {layout.columns.map((column) => (
            <NodeCard key={column.node.name} story={story} column={column} />
          ))}
          {layout.columns.flatMap((column) =>
            column.peers.map((place) => <PeerCard key={place.peer.asn} story={story} place={place} />),
          )}
        </svg>
      )}
    </section>
  );
}

function Links({ story, layout }: { readonly story: Story; readonly layout: Layout }) {
  const { columns } = layout;
  return (
    <>
      {serverPaths(layout).map((d) => (
        <path key={d} class="lab-line server" d={d} />
      ))}
      {meshPaths(columns).map((path) => (
        <NodeLink key={path.d} kind="mesh" path={path} story={story} />
      ))}
      {ibgpPaths(columns).map((path) => (
        <NodeLink key={path.d} kind="ibgp" path={path} story={story} />
      ))}
      {columns.flatMap((column) =>
        sessionPaths(column).map(({ peer, d }) => (
          <path
            key={peer.asn}
            class={`lab-line session policy-${peer.policy} ${sessionOf(story, peer.asn).state}`}
            d={d}
          />
        )),
      )}
    </>
  );
}

const names = { mesh: 'mesh', ibgp: 'iBGP' } as const;

function NodeLink({
  kind,
  path,
  story,
}: {
  readonly kind: 'mesh' | 'ibgp';
  readonly path: NodePath;
  readonly story: Story;
}) {
  const { from, to, d, x, y } = path;
  const seen = story.look?.[kind].find((link) => link.from === from.name && link.to === to.name);
  const state = seen ? linkState(story, kind, seen) : 'coming';
  return (
    <g>
      <title>{`${names[kind]} ${from.name} ↔ ${to.name}: ${state}`}</title>
      <path class={`lab-line ${kind} ${state}`} d={d} />
      <g transform={`translate(${x} ${y})`}>
        <StateSign state={state} />
      </g>
    </g>
  );
}
