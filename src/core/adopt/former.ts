import type { Holdings } from '../desired/holdings.js';
import type { NodeIdentity } from '../desired/node.js';
import type { Danger } from '../desired/rules/gather-facts.js';
import type { DesiredSession } from '../desired/sessions.js';
import type { NodeSettings } from '../desired/settings.js';
import type { Tunnel } from '../model/artifacts.js';
import type { DoubtfulTunnel, FormerState } from '../model/former.js';
import type { Kept } from '../model/kept.js';
import type { Observed } from '../model/observed.js';
import { formatMark, type Owner, type ReadonlyOwnerMap } from '../model/owner.js';
import type { SessionEntry } from '../model/session.js';
import { interfaceName } from '../model/values/interface-name.js';
import { blacklistFile, readBlacklist } from './blacklist.js';
import { describeKept } from './say.js';
import type { TakeOver } from './take-over.js';
import { formerSpelling } from './tunnel-wishes.js';

/** What the system shows beyond `holdings`, for what was there before the agent. */
export interface FormerFacts {
  readonly observed: Observed;
  readonly taken: ReadonlyMap<string, Owner>;
  readonly orphans: readonly string[];
  readonly doubtful: readonly DoubtfulTunnel[];
}

/** An interface in the old spelling keeps its name: to rename it takes it down. */
export function withPresentName(entry: SessionEntry, { tunnels }: Holdings): SessionEntry {
  if (entry.kind !== 'session' || tunnels.has(entry.session.interface)) return entry;
  const former = interfaceName.safeParse(formerSpelling(entry.session.interface));
  const owner = former.success ? tunnels.get(former.data) : undefined;
  if (!former.success || owner?.kind !== 'session' || owner.uuid !== entry.session.uuid) return entry;
  return { ...entry, session: { ...entry.session, interface: former.data } };
}

/** A protocol that was there keeps its name: to rename it resets it. */
export function withNames(holdings: Holdings, former: ReadonlyMap<string, string>): Holdings {
  return { ...holdings, protocols: new Map([...former, ...holdings.protocols]) };
}

/** ASNs that are blocked by a list in BIRD's directory are blocked as those of the configuration are. */
export function withBlacklist(settings: NodeSettings, observed: Observed): NodeSettings {
  const listed = readBlacklist(observed.birdFiles.get(blacklistFile));
  const { policy } = settings;
  return { ...settings, policy: { ...policy, blockedAsns: [...policy.blockedAsns, ...listed] } };
}

export interface WithTunnel {
  readonly tunnel: Tunnel | undefined;
}

/** The address that a session speaks from stays as long as the session lives, unless it must go. */
export function withKeptAddresses<T extends WithTunnel>(
  item: T,
  { addresses }: TakeOver,
  dangers: ReadonlyOwnerMap<readonly Danger[]>,
): T {
  if (!item.tunnel) return item;
  const { owner } = item.tunnel;
  const dangerous = dangers.get(owner)?.map(({ address }) => address) ?? [];
  const kept = addresses[formatMark(owner)]?.filter((address) => !dangerous.includes(address));
  return kept ? { ...item, tunnel: { ...item.tunnel, keptAddresses: kept } } : item;
}

/** Its protocols have the names that they had. */
export function withFormerProtocols(item: DesiredSession, { names }: TakeOver): DesiredSession {
  const formerProtocols = names[formatMark(item.tunnel.owner)];
  return formerProtocols ? { ...item, formerProtocols } : item;
}

/** What a pass has to remember, and to tell, of what was there before the agent. */
export function formerState(
  former: FormerFacts,
  before: Kept,
  taken: TakeOver,
  isConfigured: boolean,
  node: NodeIdentity,
): FormerState {
  // While nothing of BIRD's is changed, there is nothing to be remembered of how it was.
  const kept = isConfigured ? taken.kept : before;
  return {
    kept,
    maintenance: isConfigured && taken.maintenance,
    taken: former.taken,
    ended: taken.ended,
    orphans: former.orphans,
    doubtful: former.doubtful,
    obstacles: taken.obstacles,
    notes: describeKept(kept, node),
  };
}
