import type { AnyLab } from './any-lab.js';
import { postsOf } from './control-plane/control-plane-state.js';
import type { PostOf } from './control-plane/posts.js';
import { interfacesWith, interfaceTowards } from './hosts/kernel-routes.js';
import { type Traffic, tunnelTraffic } from './hosts/peer-host.js';
import { nodeBgp, nodeLink } from './hosts/view.js';
import type { RouteWatch } from './hosts/watch-route.js';
import { type Lab, nodeOf, peerHost } from './running-lab.js';

/** The control plane was told of the impostor's session last. */
export function toldOfImpostor({ controlPlane, scenario }: AnyLab): PostOf<'modify'> | undefined {
  const { uuid } = scenario.impostor.session;
  return postsOf(controlPlane, 'modify').findLast(({ body }) => body.uuid === uuid);
}

/** What was seen of an impostor and of its node since the session came onto the list. */
export interface ImpostorSeen {
  /** The status that the control plane was told, and why. */
  readonly told: { readonly status: string; readonly error: string | undefined } | undefined;
  /** The node's interfaces that have the control plane's address, as their own or as their other end. */
  readonly holders: readonly string[];
  /** True where the node has an interface or a BGP protocol for it. */
  readonly isConfigured: boolean;
  /** The interface by which the node reaches the control plane, and how often a route to it came or went. */
  readonly way: string | undefined;
  readonly routeChanges: number;
  /** The HTTP status of each request of the node. */
  readonly answers: readonly number[];
  /** What the impostor's end of the tunnel has sent and received. */
  readonly traffic: Traffic;
}

/** Looks at everything now; `watch` has watched the routes to the control plane since `sinceMs` (Unix milliseconds). */
export async function lookAtImpostor(lab: Lab, sinceMs: number, watch: RouteWatch): Promise<ImpostorSeen> {
  const { impostor, controlPlane } = lab.scenario;
  const { host, spec } = nodeOf(lab, impostor);
  const requests = lab.controlPlane.requests.filter(
    ({ node, atMs }) => node === spec.name && atMs >= sinceMs,
  );
  return {
    told: toldOfImpostor(lab)?.body,
    holders: await interfacesWith(host, controlPlane.address),
    isConfigured: nodeLink(lab.view, impostor) !== undefined || nodeBgp(lab.view, impostor).length > 0,
    way: await interfaceTowards(host, controlPlane.address),
    routeChanges: watch.cameAtMs.length + watch.leftAtMs.length,
    answers: requests.map(({ httpStatus }) => httpStatus),
    traffic: await tunnelTraffic(peerHost(lab, impostor)),
  };
}
