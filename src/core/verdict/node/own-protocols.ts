import type { NodeProtocol } from '../../model/artifacts.js';
import type { BirdProtocol } from '../../model/observed.js';
import type { NodeFault } from './node-fault.js';

/** A protocol of the node's own files, and its state in BIRD. */
export interface ProtocolState {
  readonly wanted: NodeProtocol;
  /** `up`, `start`, `down`, ...; `missing` where BIRD does not have it. */
  readonly state: string;
  /** The rest of BIRD's row, such as `Established`; empty where there is none. */
  readonly info: string;
  readonly isUp: boolean;
}

/** These are in `start` until the other side answers. */
const talking = ['bgp', 'rpki'];

export function ownProtocols(
  wanted: readonly NodeProtocol[],
  running: readonly BirdProtocol[],
): ProtocolState[] {
  const byName = new Map(running.map((protocol) => [protocol.name, protocol]));
  return wanted.map((protocol) => {
    const { state = 'missing', info = '' } = byName.get(protocol.name) ?? {};
    return { wanted: protocol, state, info, isUp: state === 'up' };
  });
}

/** Those that are missing, disabled or, unless they wait for another side, not up. The device protocol has its own fault. */
export function protocolFaults(protocols: readonly ProtocolState[]): NodeFault[] {
  return protocols
    .filter(({ wanted, isUp, state }) => {
      if (isUp || wanted.type === 'device') return false;
      return !talking.includes(wanted.type) || state === 'missing' || state === 'down';
    })
    .map(({ wanted, state, info }) => ({
      subject: `BIRD protocol ${wanted.name}`,
      words: `BIRD's ${wanted.type} protocol ${wanted.name} ${describe(state, info)}; ${wanted.lack}; the agent tries to start it at every pass`,
      protocol: wanted.name,
    }));
}

function describe(state: string, info: string): string {
  if (state === 'missing') return 'does not run';
  const why = info === '' ? '' : ` (${info})`;
  return state === 'down' ? `is disabled${why}` : `is not up: its state is "${state}"${why}`;
}

/** Why BIRD sees no interface; undefined where it does. */
export function deviceFault(
  own: readonly NodeProtocol[],
  running: readonly BirdProtocol[],
): NodeFault | undefined {
  const devices = running.filter(({ proto }) => proto === 'Device');
  if (devices.some(({ state }) => state === 'up')) return undefined;
  const [ours] = own.filter(({ type }) => type === 'device');
  const [there] = devices;
  const name = ours?.name ?? there?.name;
  if (name === undefined) {
    const words =
      'BIRD has no device protocol; without one it sees no interface, and no session can come up. Add this line to bird.conf: protocol device { }';
    return { subject: 'BIRD device protocol', words };
  }
  const what = there ? `is disabled${there.info === '' ? '' : ` (${there.info})`}` : 'does not run';
  const next = ours ? 'The agent tries to start it at every pass' : `Run: birdc enable ${name}`;
  return {
    subject: `BIRD protocol ${name}`,
    words: `BIRD's device protocol ${name} ${what} on this node; no session can come up. ${next}`,
    ...(ours ? { protocol: name } : {}),
  };
}
