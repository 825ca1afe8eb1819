import { nodeProtocols } from '../../../../../src/core/desired/node-protocols.js';
import type { DesiredProtocol, NodeProtocol } from '../../../../../src/core/model/artifacts.js';
import type { BirdChannel, BirdProtocol, ObservedBird } from '../../../../../src/core/model/observed.js';
import { sessionId } from '../../../../../src/core/model/values/session-id.js';
import type { NodeWishes } from '../../../../../src/core/verdict/node/node-verdict.js';
import { makeProtocol } from '../../../../../src/lab/simulated/machine/fake-bird.js';

const full = `
protocol device { }
protocol kernel moenet_kernel_v4 { ipv4 { export all; }; }
protocol kernel moenet_kernel_v6 { ipv6 { export all; }; }
protocol static moenet_own_v4 { ipv4; }
protocol rpki moenet_rpki_one { roa4 { table r4; }; }
protocol rpki moenet_rpki_two { roa4 { table r4; }; }
`;

export const own = nodeProtocols([
  { path: 'bird.conf', owner: { kind: 'node' }, content: full },
  {
    path: 'ibgp.d/ibgp_2.conf',
    owner: { kind: 'mesh', nodeId: 2 },
    content: 'protocol bgp ibgp_2 { ipv4; }',
  },
]);
export const session: DesiredProtocol = {
  name: 'dn42_4242421080',
  owner: { kind: 'session', uuid: sessionId.parse('abc-123') },
};

export function wishes(nodeProtocols: readonly NodeProtocol[] = own): NodeWishes {
  return {
    nodeProtocols,
    protocols: [...nodeProtocols, session],
    tunnels: [],
    loopback: { interface: 'dummy0', addresses: [] },
    refusesUnknownOrigins: false,
  };
}

export function channel(name: string, exported: number, preferred = 0): BirdChannel {
  return { name, state: 'UP', routes: { imported: preferred, filtered: 0, exported, preferred } };
}

export function protocol(name: string, type: string, channels: readonly BirdChannel[] = []): BirdProtocol {
  return { ...makeProtocol(name, type), channels };
}

const sessionUp = protocol(session.name, 'bgp', [channel('ipv4', 3, 5), channel('ipv6', 3, 5)]);
/** BIRD's protocols of a node in which all is well. */
export const allUp: readonly BirdProtocol[] = [
  protocol('device1', 'device'),
  protocol('moenet_kernel_v4', 'kernel', [channel('ipv4', 5)]),
  protocol('moenet_kernel_v6', 'kernel', [channel('ipv6', 7)]),
  protocol('moenet_own_v4', 'static'),
  protocol('moenet_rpki_one', 'rpki', [channel('roa4', 0)]),
  protocol('moenet_rpki_two', 'rpki', [channel('roa4', 0)]),
  protocol('ibgp_2', 'bgp', [channel('ipv4', 3)]),
  sessionUp,
];

export function bird(...protocols: readonly BirdProtocol[]): ObservedBird {
  return { running: true, version: '2.0.12', protocols };
}

/** All of them, with some otherwise. */
export function but(changes: Readonly<Record<string, Partial<BirdProtocol> | undefined>>): ObservedBird {
  return bird(
    ...allUp.flatMap((one) => {
      if (!(one.name in changes)) return [one];
      const change = changes[one.name];
      return change ? [{ ...one, ...change }] : [];
    }),
  );
}
