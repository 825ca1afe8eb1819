import type { AnyLab } from '../any-lab.js';
import { editSession, postsOf } from '../control-plane/control-plane-state.js';
import type { SessionRow } from '../control-plane/session-row.js';
import { establishedCondition, routesCondition, sessionName } from '../converge.js';
import { makePeerSecrets } from '../hosts/keys.js';
import { nodeTunnel } from '../hosts/view.js';
import type { PeerSpec } from '../scenario/peer-spec.js';
import type { Condition } from '../wait.js';
import type { Step } from './step.js';

/** Its owner edits the text of a session that runs: it is queued for setup again, with the same uuid, and waits for an answer. */
export function editText(lab: AnyLab, peer: PeerSpec): Step {
  const contact = 'noc@example.net';
  return {
    name: 'edit a session',
    done: `the owner of ${sessionName(peer)} edits its text (${contact}): it is queued for setup again`,
    touches: [],
    act: async () => [edit(lab, peer, { contact }), establishedCondition(lab, peer)],
  };
}

/**
 * Its owner edits the preshared key, here and on the peer. One control plane stores the new key and forgets the rest, the peer's
 * public key and our port among it.
 */
export function editPresharedKey(lab: AnyLab, peer: PeerSpec): Step {
  const forgets = lab.controlPlane.dialect === 'moenet-core';
  return {
    name: 'edit its preshared key',
    done: `the owner of ${sessionName(peer)} edits the preshared key${forgets ? '; the row has no public key and no port now' : ''}`,
    touches: [peer.asn],
    act: async () => {
      const { presharedKey } = makePeerSecrets(true);
      await lab.look();
      const before = nodeTunnel(lab.view, peer)?.handshakeSeconds ?? 0;
      await lab.changePresharedKey(peer, presharedKey);
      return [
        edit(lab, peer, { presharedKey, ...(forgets ? { credential: 'preshared key' } : {}) }),
        {
          what: 'a new handshake',
          holds: () => (nodeTunnel(lab.view, peer)?.handshakeSeconds ?? 0) > before,
        },
        establishedCondition(lab, peer),
        routesCondition(lab, peer),
      ];
    },
  };
}

/** Edits a session now. Comes true when the agent has answered to that edit. */
function edit({ controlPlane }: AnyLab, { session, node }: PeerSpec, change: Partial<SessionRow>): Condition {
  const answers = () =>
    postsOf(controlPlane, 'modify', node.name).filter(({ body }) => body.uuid === session.uuid);
  const before = answers().length;
  editSession(controlPlane, session.uuid, change);
  return {
    what: 'answered with active',
    holds: () =>
      answers()
        .slice(before)
        .some(({ body }) => body.status === 'active'),
  };
}
