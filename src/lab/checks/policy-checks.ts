import { sessionName } from '../converge.js';
import { showRefusedRoutes, showRoutes } from '../hosts/show-routes.js';
import { type Lab, nodeOf } from '../running-lab.js';
import type { Announcement } from '../scenario/announcements.js';
import { asn } from '../scenario/numbers.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import { expectedAt } from '../scenario/policy-table.js';
import { type Check, checksOf } from './check.js';
import { refusalCommunity } from './refusal-community.js';
import { notIn, sentTo } from './sent-to.js';

/** What must become of a peer's announcements, and what it must be sent: all that its policy lets out, no more. */
export function policyChecks(lab: Lab, peer: PeerSpec): Check[] {
  const check = checksOf(sessionName(peer), peer.node.name);
  return [
    ...peer.announces.map((announcement) =>
      announcement.refused === undefined
        ? check(`${announcement.what} accepted`, () => isAccepted(lab, peer, announcement))
        : check(`${announcement.what} refused: ${announcement.refused}`, () =>
            isRefused(lab, peer, announcement),
          ),
    ),
    check(`sent all that policy ${peer.policy} lets out, and no more`, () => isSent(lab, peer)),
  ];
}

async function isAccepted(lab: Lab, peer: PeerSpec, { prefixes }: Announcement): Promise<string | undefined> {
  const routes = (await showRoutes(nodeOf(lab, peer))).filter(({ asPath }) => asPath[0] === peer.asn);
  const missing = prefixes.find((wanted) => !routes.some(({ prefix }) => prefix === wanted));
  return missing && `${peer.node.name} has no route to ${missing} from it`;
}

async function isRefused(
  lab: Lab,
  peer: PeerSpec,
  { prefixes, refused }: Announcement,
): Promise<string | undefined> {
  const node = nodeOf(lab, peer);
  const fromPeer = ({ asPath }: { asPath: readonly number[] }) => asPath[0] === peer.asn;
  const used = (await showRoutes(node)).filter(fromPeer);
  const kept = (await showRefusedRoutes(node)).filter(fromPeer);
  for (const wanted of prefixes) {
    if (used.some(({ prefix }) => prefix === wanted)) return `${peer.node.name} has accepted ${wanted}`;
    const route = kept.find(({ prefix }) => prefix === wanted);
    if (!route) return `${peer.node.name} does not show ${wanted} among the refused`;
    const community = refused && refusalCommunity(refused);
    if (!community || !route.communities.includes(community)) {
      const own = route.communities.filter((text) => text.startsWith(`${asn},`));
      return `${wanted} carries ${own.join(' ') || 'no reason'}, not ${community}`;
    }
  }
  return undefined;
}

async function isSent(lab: Lab, peer: PeerSpec): Promise<string | undefined> {
  const wanted = new Set(expectedAt(lab.scenario, peer));
  const sent = await sentTo(lab, peer);
  const missing = [...wanted].filter(notIn(sent));
  const extra = [...sent].filter(notIn(wanted));
  if (missing.length + extra.length === 0) return undefined;
  return [
    ...(missing.length > 0 ? [`not sent: ${missing.join(' ')}`] : []),
    ...(extra.length > 0 ? [`sent too: ${extra.join(' ')}`] : []),
  ].join('; ');
}
