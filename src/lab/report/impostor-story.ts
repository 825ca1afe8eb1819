import type { ImpostorSeen } from '../impostor.js';
import type { Scenario } from '../scenario/scenario.js';

/** What a peer that claims the control plane's address tried, and what it got: a line for each thing seen. */
export function impostorStory({ impostor, controlPlane }: Scenario, seen: ImpostorSeen): string[] {
  const { asn, node, session } = impostor;
  const { told, holders, isConfigured, way, routeChanges, answers, traffic } = seen;
  const { address } = controlPlane;
  const accepted = answers.filter((httpStatus) => httpStatus < 400).length;
  const changes =
    routeChanges === 0 ? 'no route to it came or went' : `its routes changed ${routeChanges} times`;
  return [
    `tried   AS${asn} sent ${traffic.sentBytes} bytes to ${node.name}, port ${session.port}, to open the tunnel`,
    `told    ${told ? `${told.status}: ${told.error ?? 'no reason'}` : 'nothing'}`,
    `system  ${holders.join(', ') || 'no interface'} has ${address}; there is ${isConfigured ? 'a' : 'no'} tunnel or BGP protocol for AS${asn}`,
    `route   ${node.name} reaches ${address} by ${way ?? 'no interface'}; ${changes}`,
    `calls   ${node.name} sent ${answers.length} requests to the control plane, which accepted ${accepted}`,
    `token   AS${asn} received ${traffic.receivedBytes} bytes through the tunnel, and there was ${traffic.handshakeSeconds > 0 ? 'a' : 'no'} handshake`,
  ];
}
