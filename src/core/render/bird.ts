import type { BirdFile } from '../model/artifacts.js';
import { ebgpOptions } from '../model/bgp-options.js';
import { noHooks } from '../model/local-config.js';
import { ibgpFile, mainFile, nodeFile, sessionFile } from '../model/names.js';
import { formatMark } from '../model/owner.js';
import type { Routing } from '../model/routing.js';
import { type MakeFile, rememberedFiles } from './bird-file.js';
import { ibgpView } from './ibgp-view.js';
import { nodeView } from './node-view.js';
import { peerView } from './peer-view.js';
import { preservedPeerView, preservedSessionView } from './preserved-view.js';
import { roaFile } from './roa-file.js';
import type { Pending, RunningOptions } from './running-options.js';
import type { TemplateName, Templates } from './templates.js';

/** The options that the Established protocols of a file run with and that it does not have. */
type Runs = (wanted: BirdFile) => Pending | undefined;

/**
 * BIRD's configuration: the main file, what it includes, one file per session and one per iBGP peer, sorted by path.
 * The directories `peers` and `ibgp.d` must exist even when they are empty: BIRD refuses a pattern in a missing one.
 * An Established session keeps the options that it `runs` with. Throws where a template fails.
 */
export function renderBird(routing: Routing, templates: Templates, runs: Runs = () => undefined): BirdFile[] {
  const { make, keep } = rememberedFiles(templates);
  const files = [
    ...nodeFiles(routing, make),
    ...sessionFiles(routing, make, runs),
    ...ibgpFiles(routing, make, runs),
  ];
  keep();
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function nodeFiles(routing: Routing, make: MakeFile): BirdFile[] {
  const view = nodeView(routing);
  const saved = routing.roaFallback?.saved;
  const file = (template: TemplateName, path: string) =>
    make(template, { path, owner: { kind: 'node' } }, view);
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
    ...(saved ? [roaFile('ipv4', saved), roaFile('ipv6', saved)] : []),
  ];
}

function sessionFiles(
  { sessions, preserved, birdVersion, local }: Routing,
  make: MakeFile,
  runs: Runs,
): BirdFile[] {
  const hooks = local?.hooks ?? noHooks;
  return sessions.map((routed) => {
    const owner = { kind: 'session', uuid: routed.session.uuid } as const;
    const path = sessionFile(routed.protocol);
    const asItWas = preserved?.[formatMark(owner)];
    if (asItWas)
      return make('bird/kept.conf.hbs', { path, owner }, preservedSessionView(routed, asItWas, hooks));
    const { options = ebgpOptions(routed.session.policy, birdVersion) } = routed;
    const file = (running?: RunningOptions) =>
      make('bird/peer.conf.hbs', { path, owner }, peerView(routed, { options, running, hooks }));
    return withRunning(file, runs);
  });
}

function ibgpFiles({ node, ibgpPeers, preserved }: Routing, make: MakeFile, runs: Runs): BirdFile[] {
  return ibgpPeers.flatMap((peer) => {
    const ordinary = ibgpView(node, peer);
    if (!ordinary) return [];
    const owner = { kind: 'mesh', nodeId: peer.nodeId } as const;
    const path = ibgpFile(ordinary.name);
    const asItWas = preserved?.[formatMark(owner)];
    if (asItWas) return make('bird/kept.conf.hbs', { path, owner }, preservedPeerView(peer, asItWas));
    const file = (running?: RunningOptions) =>
      make('bird/ibgp.conf.hbs', { path, owner }, ibgpView(node, peer, running) ?? ordinary);
    return withRunning(file, runs);
  });
}

/** The file as it is wanted, or with what must stay until its session is down. */
function withRunning(render: (running?: RunningOptions) => BirdFile, runs: Runs): BirdFile {
  const wanted = render();
  const pending = runs(wanted);
  return pending ? { ...render(pending.running), pending: pending.waiting } : wanted;
}
