import type { BirdChannel, BirdProtocol } from '../../../core/model/observed.js';
import type { Mutable } from '../machine/fake-machine.js';
import type { Dialled } from './dialled.js';

type Protocol = Mutable<BirdProtocol>;
type Routes = NonNullable<BirdChannel['routes']>;

/** BIRD dials, and nobody answers. `lastError`: why the session went down. */
export function dial(protocol: Protocol, { neighbor, asn, ...link }: Dialled, lastError?: string): void {
  const zone = link.interface === undefined ? '' : `%${link.interface}`;
  Object.assign(protocol, {
    state: 'start',
    info: 'Connect',
    since: birdTime(),
    bgp: { state: 'Connect', neighborAddress: `${neighbor}${zone}`, neighborAs: asn, lastError },
    channels: protocol.channels.map(({ name }) => ({ name, state: 'DOWN', routes: undefined })),
  });
}

/** The neighbor has answered; `routesOf`: what both send each other, by the family. */
export function establish(protocol: Protocol, routesOf: (family: string) => Routes): void {
  Object.assign(protocol, {
    state: 'up',
    info: 'Established',
    since: birdTime(),
    bgp: protocol.bgp && { ...protocol.bgp, state: 'Established', lastError: undefined },
    channels: protocol.channels.map(({ name }) => ({ name, state: 'UP', routes: routesOf(name) })),
  });
}

/** Now, as BIRD writes it: `2026-11-23 19:10:39.244`. */
function birdTime(): string {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return local.toISOString().replace('T', ' ').replace('Z', '');
}
