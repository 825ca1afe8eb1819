import { endedSessions, type TakeOverInput } from '../../../../src/core/adopt/candidates.js';
import { readPreviousBird } from '../../../../src/core/adopt/previous-bird.js';
import { takeOver } from '../../../../src/core/adopt/take-over.js';
import { identifyNode } from '../../../../src/core/desired/node.js';
import { findOwned } from '../../../../src/core/desired/owned.js';
import { desireSessions } from '../../../../src/core/desired/sessions.js';
import type { BirdProtocol, ObservedBird } from '../../../../src/core/model/observed.js';
import { nothingPreserved } from '../../../../src/core/model/preserved.js';
import type { SessionEntry } from '../../../../src/core/model/session.js';
import { bootstrap, makeEntry, makeLink, makeObserved, nodeSettings } from '../../make.js';

export const node = identifyNode('jp1', bootstrap, undefined);
export const name = 'dn42_4242421080';

export const peerFile = (options = '', link = name) => ({
  path: `peers/${name}.conf`,
  text: `protocol bgp ${name} { local as 4242420998; neighbor fe80::2%'${link}' as 4242421080; ${options} ipv6 { import all; }; }`,
});

export function protocol(
  part: Partial<BirdProtocol> & { name: string },
  state = 'Established',
): BirdProtocol {
  const bgp = { state, neighborAddress: undefined, neighborAs: undefined, lastError: undefined };
  const base = { proto: 'BGP', state: 'up', since: '', info: '', disabled: false, channels: [] };
  return { ...base, bgp: part.proto ? undefined : bgp, ...part };
}

export function running(...protocols: BirdProtocol[]): ObservedBird {
  return { running: true, version: '2.0.12', routerId: '192.0.2.1', protocols };
}

export const up = protocol({ name });
export const device = protocol({ name: 'main_device', proto: 'Device' });

export type Part = Partial<
  TakeOverInput['wanted'] & TakeOverInput['present'] & TakeOverInput['remembered'] & { adopt: boolean }
>;

/** One session whose tunnel is the agent's, and BIRD with a configuration of `texts`; none: with the agent's. */
export function take(
  { texts, ...part }: Part & { readonly texts?: readonly { path: string; text: string }[] },
  session = {},
  ended: readonly SessionEntry[] = [],
) {
  const link = makeLink({ name, addresses: [{ local: 'fe80::1', prefixLength: 64, peer: undefined }] });
  const previous = readPreviousBird(texts && { pieces: texts });
  const entries = [makeEntry({ interface: name, ...session })];
  const { sessions } = desireSessions(entries, {
    node,
    settings: nodeSettings,
    owned: findOwned(makeObserved({ links: [link] }), []),
  });
  const { adopt = false } = part;
  return takeOver({
    wanted: {
      mode: 'full',
      node,
      sessions,
      mesh: [],
      ibgpPeers: [],
      ended: endedSessions([...entries, ...ended], previous),
      ...part,
    },
    present: { previous, bird: running(up, device), links: [link], ownFiles: new Map(), ...part },
    remembered: { preserved: nothingPreserved, recalled: undefined, ...part },
    adopt,
  });
}

export const mark = 'moenet-agent:abc-123';
export const taken = take({ texts: [peerFile('hold time 60;')] });

/** A BIRD with all the protocols that a node has. */
export function birdWith({
  routerId = node.routerId as string,
  device = 'device1',
  kernels = ['moenet_kernel'],
} = {}) {
  const kernel = (base: string, version: number) => ({
    ...protocol({ name: `${base}_v${version}`, proto: 'Kernel' }),
    channels: [{ name: `ipv${version}`, state: 'UP', routes: undefined }],
  });
  const protocols = kernels.flatMap((base) => [kernel(base, 4), kernel(base, 6)]);
  return { ...running(up, protocol({ name: device, proto: 'Device' }), ...protocols), routerId };
}
