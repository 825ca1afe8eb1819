import type { Routing } from '../model/routing.js';
import type { Asn } from '../model/values/asn.js';
import type { View } from './fill.js';

/** The values of `policy.conf.hbs` that tell customers of customers from leaks. */
export function customerView({ policy, sessions }: Routing): View {
  const providers = sessions.filter(({ session }) => session.policy === 'downstream');
  const named = policy.customers.flatMap(({ asn, asns }) => (asns ? [{ asn, asns }] : []));
  return {
    providers: ordered(providers.map(({ session }) => session.asn)).map(String),
    customerSets: ordered(named.map(({ asn }) => asn)).map((asn) => ({
      asn,
      behind: ordered(named.flatMap((each) => (each.asn === asn ? each.asns : []))).map(String),
    })),
  };
}

function ordered(asns: readonly Asn[]): Asn[] {
  return [...new Set(asns)].sort((a, b) => a - b);
}
