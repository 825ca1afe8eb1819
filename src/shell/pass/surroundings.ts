import type { Snapshot } from '../../core/model/control-plane.js';
import type { Observed, Surroundings } from '../../core/model/observed.js';
import { isHostName } from '../../core/model/values/endpoint.js';
import { type IpAddress, parseIp } from '../../core/model/values/ip.js';
import type { Uplink } from '../ports/host.js';

/** The names that `surroundingsOf` needs addresses of. */
export function surroundingNames({ controlPlaneHost, proxyHost }: Uplink, snapshot: Snapshot): string[] {
  return [controlPlaneHost, proxyHost ?? [], cacheHosts(snapshot)]
    .flat()
    .filter((host) => !parseIp(host) && isHostName(host));
}

/** The names of RPKI caches: BIRD gets their addresses. */
export function cacheNames(snapshot: Snapshot): string[] {
  return cacheHosts(snapshot).filter((host) => !parseIp(host) && isHostName(host));
}

/** Joins the uplink's addresses with those of the hosts that are known by name. */
export function surroundingsOf(
  { controlPlaneHost, proxyHost }: Uplink,
  snapshot: Snapshot,
  seen: Awaited<ReturnType<Uplink['observe']>>,
  resolved: Observed['resolved'],
): Surroundings {
  const addressesOf = (hosts: readonly string[]): IpAddress[] => {
    const texts = hosts.flatMap((host) => (parseIp(host) ? [host] : (resolved.get(host) ?? [])));
    return [...new Set(texts.flatMap((text) => parseIp(text) ?? []))].sort();
  };
  return {
    ...seen,
    controlPlane: addressesOf([controlPlaneHost]),
    ...(proxyHost === undefined ? {} : { proxy: addressesOf([proxyHost]) }),
    rtrCaches: addressesOf(cacheHosts(snapshot)),
  };
}

function cacheHosts({ birdConfig }: Snapshot): string[] {
  return (birdConfig?.policy.rpkiServers ?? []).map(({ host }) => host);
}
