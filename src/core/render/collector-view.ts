import type { Routing } from '../model/routing.js';
import type { View } from './fill.js';

/** The values of `collector.conf.hbs`. */
export function collectorView({ collector, node }: Routing): View {
  const isIpv6 = collector?.address.includes(':');
  return {
    collector: collector !== undefined,
    collectorAddress: collector?.address,
    collectorAsn: collector?.asn,
    collectorSource: isIpv6 ? node.loopbackIpv6 : node.loopbackIpv4,
  };
}
