import type { Desired } from '../desired/desired.js';
import type { Observed, ObservedWireGuard, Unread } from '../model/observed.js';
import { OwnerMap, type ReadonlyOwnerMap } from '../model/owner.js';

type Look = {
  readonly desired: Pick<Desired, 'tunnels'>;
  readonly observed: Pick<Observed, 'wireguard'>;
};

/** Owner → why the WireGuard of its tunnel could not be read, and what an operator can do. */
export function unreadTunnels({ desired, observed }: Look): ReadonlyOwnerMap<string> {
  const unread = new Map(unreadDevices(observed).map((device) => [device.interface, device.unread]));
  return new OwnerMap(
    desired.tunnels.flatMap(({ owner, interface: name }) => {
      const why = unread.get(name);
      return why ? [[owner, `${describe(name, why)}. ${remedyForOwn(name, why)}`] as const] : [];
    }),
  );
}

/** A sentence for each unreadable WireGuard interface that is not the agent's: the agent does not touch it. */
export function unreadOthers({ desired, observed }: Look): string[] {
  const own = new Set<string>(desired.tunnels.map(({ interface: name }) => name));
  return unreadDevices(observed)
    .filter(({ interface: name }) => !own.has(name))
    .map(({ interface: name, unread }) => `${describe(name, unread)}. ${remedyForOther(unread)}`)
    .sort();
}

function unreadDevices({ wireguard }: Look['observed']): (ObservedWireGuard & { readonly unread: Unread })[] {
  return wireguard.flatMap((device) => (device.unread ? [{ ...device, unread: device.unread }] : []));
}

function describe(name: string, { server, reason }: Unread): string {
  if (!server) return `WireGuard on ${name} cannot be read: ${reason}`;
  const state = server.isStopped ? 'is stopped' : 'does not answer';
  return `WireGuard on ${name} cannot be read: ${server.name} (pid ${server.pid}), which serves it, ${state}`;
}

function remedyForOwn(name: string, { server }: Unread): string {
  const stays = 'The agent leaves the tunnel as it is until it can be read';
  if (!server) return `${stays}; to see more, run: wg show ${name}`;
  if (server.isStopped) return `${stays}; to resume it, run: kill -CONT ${server.pid}`;
  return `${stays}; to let the agent make it again, run: kill -KILL ${server.pid}`;
}

function remedyForOther({ server }: Unread): string {
  const slows = 'It is no tunnel of the agent, and each pass takes longer because of it';
  if (!server) return slows;
  const [signal, effect] = server.isStopped ? ['CONT', 'resume it'] : ['KILL', 'end it'];
  return `${slows}; to ${effect}, run: kill -${signal} ${server.pid}`;
}
