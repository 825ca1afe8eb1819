import { offNames } from '../desired/disabled/disabled.js';
import type { BgpOptions } from '../model/bgp-options.js';
import type { Hooks } from '../model/local-config.js';
import type { PolicyName } from '../model/policy-name.js';
import type { RoutedSession } from '../model/routing.js';
import type { Session } from '../model/session.js';
import { sessionProtocols } from '../model/session-protocols.js';
import { cryptoConstant, tierConstant } from './community-view.js';
import type { View } from './fill.js';
import type { RunningOptions } from './running-options.js';
import { exportFirst, importFirst } from './session-filters.js';

interface PolicyWords {
  /** As `policy.conf.hbs` defines it. */
  readonly constant: string;
  readonly sends: string;
  readonly accepts: string;
}

const everything = 'everything valid';
const ownAndCustomers = "our own routes and our customers'";

/** Session policy → its name in `policy.conf.hbs`, and its meaning. */
export const policies: Readonly<Record<PolicyName, PolicyWords>> = {
  full: { constant: 'MOENET_POLICY_FULL', sends: everything, accepts: everything },
  peer: {
    constant: 'MOENET_POLICY_PEER',
    sends: ownAndCustomers,
    accepts: 'only what the neighbor originates',
  },
  upstream: {
    constant: 'MOENET_POLICY_UPSTREAM',
    sends: everything,
    accepts: 'what the neighbor, our customer, originates, and what their customers do',
  },
  downstream: {
    constant: 'MOENET_POLICY_DOWNSTREAM',
    sends: ownAndCustomers,
    accepts: 'everything valid: the neighbor is our provider',
  },
};

/** What the channels of an eBGP session and their filters depend on. */
interface FilterView {
  readonly draining: boolean;
  readonly asn: number | undefined;
  readonly policyConstant: string | undefined;
  readonly tierConstant: string | undefined;
  readonly cryptoConstant: string | undefined;
  /** Statements of the filters before all others. */
  readonly importFirst: readonly string[];
  readonly exportFirst: readonly string[];
  /** A number, or the constant of `policy.conf.hbs`. */
  readonly importLimit: string;
  readonly exportLimit: string;
}

export function filterView({ session, latencyTier, disabled }: RoutedSession, hooks: Hooks): FilterView {
  const { asn, policy, options = {} } = session;
  return {
    asn,
    policyConstant: policies[policy].constant,
    tierConstant: tierConstant(latencyTier),
    cryptoConstant: cryptoConstant(session),
    draining: disabled?.phase === 'draining',
    importFirst: importFirst(asn, options, hooks),
    exportFirst: exportFirst(asn, options, hooks),
    importLimit: String(options.importLimit ?? 'MOENET_EBGP_IMPORT_LIMIT'),
    exportLimit: String(options.exportLimit ?? 'MOENET_EBGP_EXPORT_LIMIT'),
  };
}

/**
 * The values of `peer.conf.hbs`. Protocols and channels repeat the values that they need, so that templates need not look outside.
 * `running` are the options that a protocol has to keep.
 */
export function peerView(routed: RoutedSession, parts: ViewParts): View {
  const { session, protocol, latencyTier, disabled } = routed;
  const { localImport, localExport } = parts.hooks;
  const others = [protocol, latencyTier, disabled, parts.options, localImport, localExport];
  const key = parts.running ? undefined : JSON.stringify(others);
  const last = lastViews.get(session);
  if (last && last.key === key) return last.view;
  const view = makeView(routed, parts);
  if (key !== undefined) lastViews.set(session, { key, view });
  return view;
}

interface ViewParts {
  readonly options: BgpOptions;
  readonly running: RunningOptions | undefined;
  readonly hooks: Hooks;
}

/** A row that is as in the last pass is the same object. */
const lastViews = new WeakMap<Session, { readonly key: string; readonly view: View }>();

function makeView(routed: RoutedSession, { options, running, hooks }: ViewParts): View {
  const { session, protocol, disabled } = routed;
  const { sends, accepts } = policies[session.policy];
  const { asn, interface: name, description, policy } = session;
  const all = sessionProtocols(session, protocol);
  const off = offNames(
    disabled,
    all.map((each) => each.name),
  );
  const filters = filterView(routed, hooks);
  const protocols = all.map((each) => ({
    ...filters,
    name: each.name,
    disabled: off.includes(each.name),
    description,
    neighbor: each.neighbor,
    interface: name,
    options: (running?.get(each.name) ?? options).protocol,
    channels: each.families.map((family) => ({
      ...filters,
      name: family,
      options: (running?.get(each.name) ?? options)[family],
      extendedNextHop: family === 'ipv4' && each.extendedNextHop,
      nextHop: family === 'ipv6' ? each.ipv6NextHop : undefined,
    })),
    // For templates that an operator copied before there were `channels`.
    ipv4: each.families.includes('ipv4'),
    ipv6: each.families.includes('ipv6'),
    extendedNextHop: each.extendedNextHop,
    ipv6NextHop: each.ipv6NextHop,
  }));
  return { asn, interface: name, policy, sends, accepts, protocols };
}
