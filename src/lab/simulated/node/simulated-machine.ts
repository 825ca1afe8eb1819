import { systemClock } from '../../../platform/clock.js';
import { makePeerSecrets } from '../../hosts/keys.js';
import { uplink } from '../../hosts/network.js';
import type { NodeSpec } from '../../scenario/node-spec.js';
import type { Scenario } from '../../scenario/scenario.js';
import { makeFakeHost } from '../machine/fake-host.js';
import type { FakeHost } from '../machine/fake-machine.js';

/** A node's machine, on which nothing is configured yet: its address, its key, the names that it can resolve. */
export function makeMachine(spec: NodeSpec, scenario: Scenario): FakeHost {
  const machine = makeFakeHost();
  const { peers, newcomer, companion, misfit, impostor } = scenario;
  machine.publicKey = makePeerSecrets(false).publicKey;
  Object.assign(machine.linkTable.get(uplink) ?? {}, {
    addresses: [{ local: spec.address, prefixLength: 24, peer: undefined }],
  });
  for (const { hostName, address } of [...peers, newcomer, companion, misfit, impostor])
    if (hostName !== undefined) machine.names.set(hostName, [address]);
  machine.names.set(machine.uplink.controlPlaneHost, [scenario.controlPlane.address]);
  // What no BIRD could read: a name with a hyphen as one of its own.
  machine.birdRefuses = `"${misfit.session.interface}"`;
  Object.assign(machine, { clock: systemClock });
  return machine;
}
