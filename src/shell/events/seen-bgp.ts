import { describeOff } from '../../core/desired/disabled/say-disabled.js';
import { sessionSubject } from '../../core/model/events/event.js';
import type { BirdProtocol } from '../../core/model/observed.js';
import { ibgpPeers } from '../../core/verdict/node/ibgp-peers.js';
import { viewSession, whyDown } from '../../core/verdict/session-view.js';
import type { SeenBgp } from '../../core/verdict/up-history.js';
import type { PassResult } from '../pass/context.js';
import { meshSubject } from './subjects.js';

/** The BGP of every session and mesh peer, as BIRD shows it; undefined where BIRD does not answer. */
export function seenBgp({
  desired,
  observed,
}: Pick<PassResult, 'desired' | 'observed'>): readonly SeenBgp[] | undefined {
  const { bird } = observed;
  if (!bird.running) return undefined;
  const sessions = desired.sessions.map((item): SeenBgp => {
    const view = viewSession(item, observed);
    return {
      subject: sessionSubject(item.session),
      isUp: view.established,
      since: sinceOf(view.protocols),
      why: describeOff(item) ?? whyDown(view),
    };
  });
  const byName = new Map(bird.protocols.map((protocol) => [protocol.name, protocol]));
  const mesh = ibgpPeers(desired.nodeProtocols, bird.protocols).map((peer): SeenBgp => {
    const known = desired.mesh.find(({ nodeId }) => nodeId === peer.nodeId) ?? { nodeId: peer.nodeId };
    const found = byName.get(peer.protocol);
    return {
      subject: meshSubject(known),
      isUp: peer.isEstablished,
      since: sinceOf(found ? [found] : []),
      why: peer.lastError === '' ? peer.state : `${peer.state} (${peer.lastError})`,
    };
  });
  return [...sessions, ...mesh];
}

/** The latest of the protocols': the session is up since then. */
function sinceOf(protocols: readonly BirdProtocol[]): string | undefined {
  return protocols
    .map(({ since }) => since)
    .sort()
    .at(-1);
}
