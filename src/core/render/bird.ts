import type { BirdFile } from '../model/artifacts.js';
import { ibgpFile, mainFile, nodeFile, sessionFile } from '../model/names.js';
import { formatMark } from '../model/owner.js';
import type { Routing } from '../model/routing.js';
import { birdFile } from './bird-file.js';
import { ibgpView } from './ibgp-view.js';
import { nodeView } from './node-view.js';
import { peerView } from './peer-view.js';
import { preservedPeerView, preservedSessionView } from './preserved-view.js';
import type { TemplateName, Templates } from './templates.js';

/**
 * BIRD's configuration: the main file, what it includes, one file per session and one per iBGP peer, sorted by path.
 * The directories `peers` and `ibgp.d` must exist even when they are empty: BIRD refuses a pattern in a missing one.
 * Throws where a template fails.
 */
export function renderBird(routing: Routing, templates: Templates): BirdFile[] {
  const files = [
    ...nodeFiles(routing, templates),
    ...sessionFiles(routing, templates),
    ...ibgpFiles(routing, templates),
  ];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function nodeFiles(routing: Routing, templates: Templates): BirdFile[] {
  const view = nodeView(routing);
  const file = (template: TemplateName, path: string) =>
    birdFile(templates, template, { path, owner: { kind: 'node' } }, view);
  return [
    file(
      routing.mode === 'full' ? 'bird/bird.conf.hbs' : 'bird/moenet-agent.conf.hbs',
      mainFile(routing.mode),
    ),
    file('bird/maintenance.conf.hbs', nodeFile('maintenance')),
    file('bird/rpki.conf.hbs', nodeFile('rpki')),
    file('bird/communities.conf.hbs', nodeFile('communities')),
    file('bird/policy.conf.hbs', nodeFile('policy')),
    file('bird/internal.conf.hbs', nodeFile('internal')),
    file('bird/bgp.conf.hbs', nodeFile('bgp')),
    file('bird/collector.conf.hbs', nodeFile('collector')),
  ];
}

function sessionFiles({ sessions, preserved }: Routing, templates: Templates): BirdFile[] {
  return sessions.map((routed) => {
    const owner = { kind: 'session', uuid: routed.session.uuid } as const;
    const path = sessionFile(routed.protocol);
    const asItWas = preserved?.[formatMark(owner)];
    const view = asItWas ? preservedSessionView(routed, asItWas) : peerView(routed);
    return birdFile(templates, asItWas ? 'bird/kept.conf.hbs' : 'bird/peer.conf.hbs', { path, owner }, view);
  });
}

function ibgpFiles({ node, ibgpPeers, preserved }: Routing, templates: Templates): BirdFile[] {
  return ibgpPeers.flatMap((peer) => {
    const ordinary = ibgpView(node, peer);
    if (!ordinary) return [];
    const owner = { kind: 'mesh', nodeId: peer.nodeId } as const;
    const path = ibgpFile(ordinary.name);
    const asItWas = preserved?.[formatMark(owner)];
    const view = asItWas ? preservedPeerView(peer, asItWas) : ordinary;
    return birdFile(templates, asItWas ? 'bird/kept.conf.hbs' : 'bird/ibgp.conf.hbs', { path, owner }, view);
  });
}
