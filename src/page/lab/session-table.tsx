import type { PeerSpec } from '../../lab/scenario/peer-spec.js';
import type { Story } from '../../lab/story/story.js';
import { StateSign, stateTones } from './state-sign.js';
import { sessionOf } from './story-session.js';

/** All sessions, in words. */
export function SessionTable({ story }: { readonly story: Story }) {
  const peers = story.look?.peers ?? story.scenario?.peers ?? [];
  return (
    <section class="card wide" aria-labelledby="lab-sessions">
      <div class="card-head">
        <h2 id="lab-sessions">Sessions</h2>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="scroll" aria-label="table of sessions" tabIndex={0}>
        <table class="list lab-sessions">
          <thead>
            <tr>
              <th scope="col">session</th>
              <th scope="col">state</th>
              <th scope="col">policy</th>
              <th scope="col">kind</th>
              <th scope="col">peer runs</th>
              <th scope="col">told</th>
              <th scope="col">announces</th>
            </tr>
          </thead>
          <tbody>
            {peers.map((peer) => (
              <Row key={peer.asn} story={story} peer={peer} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Row({ story, peer }: { readonly story: Story; readonly peer: PeerSpec }) {
  const { state, words } = sessionOf(story, peer.asn);
  const told = story.look?.sessions.find(({ asn }) => asn === peer.asn)?.told;
  return (
    <tr>
      <th scope="row">
        {peer.node.name} ↔ AS{peer.asn}
      </th>
      <td>
        <span class={`mark ${stateTones[state]}`}>
          <svg class="glyph" viewBox="-8 -8 16 16" aria-hidden="true">
            <StateSign state={state} />
          </svg>
          {words}
        </span>
      </td>
      <td>{peer.policy}</td>
      <td>{peer.kind}</td>
      <td>{peer.daemon}</td>
      <td>{told ?? 'nothing yet'}</td>
      <td class="announces">
        {peer.announces.map(({ what, prefixes: [prefix], refused }) => (
          <div key={what}>
            {what}: <span class="mono">{prefix}</span>
            {refused !== undefined && <span class="dim"> (refused: {refused})</span>}
          </div>
        ))}
      </td>
    </tr>
  );
}
