import { type AnyLab, startedIn } from '../any-lab.js';
import { postsOf } from '../control-plane/control-plane-state.js';
import type { Status } from '../control-plane/status.js';
import { sessionName } from '../converge.js';
import { nodeTunnel, routesImported } from '../hosts/view.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { type Check, checksOf } from './check.js';

/** What the control plane must have been told of a session. */
export function toldChecks(lab: AnyLab, peer: PeerSpec): Check[] {
  const check = checksOf(sessionName(peer), peer.node.name);
  return [
    check('modify posted active once for each time that it was queued', () =>
      modifiesAre(lab, peer, answersTo(lab, peer)),
    ),
    check('reports are right', () => reportsAreRight(lab, peer)),
    ...(startedIn(lab) === 'moenet-core'
      ? [check('posts the observed endpoint when it changes', () => seenWhereItIs(lab, peer))]
      : []),
  ];
}

/** One for the first setup, and one for each edit, which queues the session for setup again. */
function answersTo({ controlPlane }: AnyLab, { session }: PeerSpec): Status[] {
  const edits = controlPlane.sessions.get(session.uuid)?.edits ?? 0;
  return Array.from({ length: 1 + edits }, () => 'active');
}

/** Finds anything but these statuses, in this order, posted for the session by its node and with its interface. */
export function modifiesAre(lab: AnyLab, peer: PeerSpec, wanted: readonly Status[]): string | undefined {
  const posts = postsOf(lab.controlPlane, 'modify').filter(({ body }) => body.uuid === peer.session.uuid);
  const told = posts.map(({ body }) => body.status);
  if (told.join() !== wanted.join()) {
    const words = posts.map(({ body }) => describe(body.status, body.error));
    return `told: ${words.join(', ') || 'nothing'}`;
  }
  const wrong = posts.find(
    ({ body, node }) =>
      node !== peer.node.name || (body.interface ?? peer.session.interface) !== peer.session.interface,
  );
  return wrong && `told of interface ${wrong.body.interface} by ${wrong.node}`;
}

/** The last address that was told is the one that WireGuard shows, and none was told twice in a row. */
function seenWhereItIs(lab: AnyLab, peer: PeerSpec): string | undefined {
  const told = postsOf(lab.controlPlane, 'observed endpoint', peer.node.name)
    .filter(({ body }) => body.uuid === peer.session.uuid)
    .map(({ body }) => body.address);
  const seen = nodeTunnel(lab.view, peer)?.endpoint.replace(/:\d+$/, '');
  const isRight = told.at(-1) === seen && told.every((address, index) => address !== told[index - 1]);
  return isRight ? undefined : `told: ${told.join(', ') || 'nothing'}; WireGuard shows ${seen}`;
}

function describe(status: Status, error: string | undefined): string {
  return `${status}${error ? ` (${error})` : ''}`;
}

function reportsAreRight(lab: AnyLab, peer: PeerSpec): string | undefined {
  const rows = postsOf(lab.controlPlane, 'report', peer.node.name).flatMap(({ body }) =>
    body.sessions.filter(({ uuid }) => uuid === peer.session.uuid),
  );
  const [before, last] = [rows.at(-3), rows.at(-1)];
  if (!before || !last) return `${rows.length} reports`;
  const imported = routesImported(lab.view, peer);
  if (!last.rtt || last.rtt > 2000) return `rtt ${last.rtt}`;
  if (last.routesImported !== imported) return `routesImported ${last.routesImported}, BIRD says ${imported}`;
  return last.rxBytes > before.rxBytes && last.txBytes > before.txBytes
    ? undefined
    : 'byte counters do not grow';
}
