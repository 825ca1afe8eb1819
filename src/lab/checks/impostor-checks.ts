import { sessionName } from '../converge.js';
import { uplink } from '../hosts/network.js';
import type { ImpostorSeen } from '../impostor.js';
import type { Scenario } from '../scenario/scenario.js';
import { type Check, checksOf } from './check.js';

/** What must be so of a peer that claims the control plane's address: it is refused, and the node is none the worse for it. */
export function impostorChecks({ impostor, controlPlane }: Scenario, seen: ImpostorSeen): Check[] {
  const check = checksOf(sessionName(impostor), impostor.node.name);
  return [
    check("refused, because its address is the control plane's", () => isRefused(seen, controlPlane.address)),
    check("no interface has the control plane's address", () => list(seen.holders)),
    check('it has neither a tunnel nor a BGP protocol', () =>
      seen.isConfigured ? 'there is one' : undefined,
    ),
    check('the routes to the control plane did not change', () => isWaySame(seen)),
    check('the node kept talking to the control plane', () => isHeard(seen)),
    check('it got no packet through a tunnel, and so no token', () => isDry(seen)),
  ];
}

function isRefused({ told }: ImpostorSeen, address: string): string | undefined {
  if (told?.status === 'error' && told.error?.includes(`${address} is the control plane`)) return undefined;
  return told ? `told: ${told.status} (${told.error})` : 'nothing told';
}

function list(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : names.join(', ');
}

function isWaySame({ way, routeChanges }: ImpostorSeen): string | undefined {
  if (routeChanges > 0) return `changed ${routeChanges} times`;
  return way === uplink ? undefined : `by ${way}`;
}

function isHeard({ answers }: ImpostorSeen): string | undefined {
  if (answers.length === 0) return 'no request';
  const bad = answers.find((httpStatus) => httpStatus >= 400);
  return bad === undefined ? undefined : `a request was answered with ${bad}`;
}

/** That it has sent something shows that it was there, and tried. */
function isDry({ traffic }: ImpostorSeen): string | undefined {
  if (traffic.sentBytes === 0) return 'it did not try to open the tunnel';
  if (traffic.handshakeSeconds > 0) return 'there was a handshake';
  return traffic.receivedBytes === 0 ? undefined : `it received ${traffic.receivedBytes} bytes`;
}
