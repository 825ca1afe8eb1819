import { buildRouting } from './desired/build-routing.js';
import type { Wanted } from './desired/desire-node.js';
import type { Desired } from './desired/desired.js';
import { offNames } from './desired/disabled/disabled.js';
import { disabledSessions } from './desired/disabled/disabled-sessions.js';
import { describeSwitching } from './desired/disabled/say-disabled.js';
import type { NodeInput } from './desired/input.js';
import { loopbackAddresses, nodeProblems, ownBlocks } from './desired/node.js';
import { nodeProtocols } from './desired/node-protocols.js';
import { describeAlone, nextAlone } from './desired/policy/alone.js';
import { describeRoles, refusedRoles } from './desired/policy/roles.js';
import { cacheAddresses, cacheProblems } from './desired/rpki-caches.js';
import { routingRules } from './desired/rules/routing-rules.js';
import { describePreviousAgent } from './desired/say-previous-agent.js';
import { describeProtected } from './desired/say-protected.js';
import { type DesiredSession, protocolNames } from './desired/sessions.js';
import { describeCommunities } from './desired/tables/community-notes.js';
import { roaFallback } from './desired/tables/saved-roas.js';
import type { BirdFile, DesiredProtocol, Tunnel } from './model/artifacts.js';
import { fingerprintOf } from './model/fingerprint.js';
import { roaFiles } from './model/names.js';
import { formatMark } from './model/owner.js';
import type { Constraints } from './model/previous-agent.js';
import type { Routing } from './model/routing.js';
import { portSetProblems } from './model/values/port-set.js';
import { wordsOf } from './model/words-of.js';
import { renderBird } from './render/bird.js';
import { ownRegion } from './render/community-view.js';
import { ibgpProblems } from './render/ibgp-view.js';
import { describePending, pendingOptions } from './render/running-options.js';
import { templateNotes } from './render/session-filters.js';
import type { Templates } from './render/templates.js';

export interface DesireInput extends NodeInput {
  readonly birdVersion: string | undefined;
  readonly templates: Templates;
  readonly templateFault?: TemplateFault | undefined;
}

/** What is wrong with an operator's templates, and the remedy. */
export interface TemplateFault {
  readonly reason: string;
  /** True where the agent has no usable templates: it leaves BIRD's files unchanged. */
  readonly blocksBird: boolean;
}

/** Turns what is wanted into what is desired: adds what is preserved, what an operator disabled, and BIRD's files. */
export function finish(wanted: Wanted, constraints: Constraints, input: DesireInput): Desired {
  const { node, settings, mesh, caches, protectedNetworks } = wanted;
  const { key, memory } = input;
  const { sessions, disabled } = finishSessions(wanted, constraints, input);
  const meshTunnels = mesh.flatMap(({ tunnel }) =>
    tunnel ? [withPreservedAddresses(tunnel, constraints, wanted)] : [],
  );
  const tunnels = [...sessions.map(({ tunnel }) => tunnel), ...meshTunnels];
  const alone = nextAlone(
    memory.alone,
    input.observed.bird,
    meshTunnels.length > 0,
    input.observed.nowSeconds,
  );
  const roles = refusedRoles(sessions, input.observed.bird, memory.sessions.refusedRoles);
  const fallback = roaFallback(input.observed);
  const routing = buildRouting({
    ...wanted,
    alone,
    refusedRoles: roles,
    roaFallback: fallback,
    birdVersion: input.birdVersion,
    sessions,
    memory: { ...memory, maintenance: memory.maintenance || constraints.maintenance },
    preserved: constraints.preserved,
  });
  const { birdBlocked, files } = {
    birdBlocked: undefined,
    files: undefined,
    ...(routing && render(routing, constraints, input)),
  };
  const own = nodeProtocols(files ?? []);
  // While the agent does not change BIRD's files, it has nothing new to preserve.
  const preserved = files ? constraints.preserved : memory.preserved;
  const { ended, obstacles, adopted, orphans, doubtful } = constraints;
  const maintenance = files !== undefined && constraints.maintenance;
  return {
    node,
    publicKey: key.publicKey,
    keyProblem: key.keyProblem,
    loopback: { interface: settings.loopbackInterface, addresses: loopbackAddresses(node) },
    tunnels,
    rules: routingRules({
      kernelTable: settings.kernelTable,
      tunnels,
      node,
      snapshot: wanted.snapshot,
      ownBlocks: ownBlocks(wanted.birdConfig),
    }),
    nftSet: settings.nftSet,
    resolved: wanted.resolved,
    dangers: wanted.dangers,
    files,
    birdBlocked,
    replaced: files ? constraints.replaced : [],
    previousAgent: { preserved, maintenance, adopted, ended, orphans, doubtful, obstacles },
    // The time in the files with the ROAs says nothing of the rest, and what BIRD refused must not be tried again for it.
    fingerprint: fingerprintOf((files ?? []).filter(isNoRoaFile), input.birdVersion),
    protocols: files ? [...own, ...protocolsOf(sessions)] : [],
    nodeProtocols: own,
    refusesUnknownOrigins: settings.policy.roaUnknown === 'reject',
    roaFallback: fallback,
    sessions,
    disabled,
    cacheAddresses: wanted.birdConfig ? cacheAddresses(caches) : memory.cacheAddresses,
    readings: wanted.readings,
    refusedRoles: roles,
    alone,
    mesh,
    refusals: wanted.refusals,
    doubted: wanted.doubted,
    problems: [
      ...nodeProblems(node),
      ...problemsOf(routing, birdBlocked, input),
      ...portSetProblems(settings.nftSet, input.observed.portSets),
      ...wanted.warnings,
    ],
    cacheProblems: cacheProblems(caches, input.observed.unresolvedCaches ?? []),
    notes: [
      ...describePreviousAgent(doubtful, preserved, node),
      ...describeSwitching(sessions),
      ...describePending(files ?? [], sessions),
      ...describeAlone(alone, settings.policy.whenAlone),
      ...describeRoles(sessions, roles),
      ...wanted.notes,
      ...(routing ? describeProtected(protectedNetworks) : []),
      ...(routing ? templateNotes(input.templates, routing.sessions, routing.local?.hooks) : []),
      ...(routing ? describeCommunities(routing.policy.communities, ownRegion(routing)) : []),
    ],
    isUnknown: wanted.isUnknown,
  };
}

/** The sessions with what is preserved, and those that an operator has disabled, to remember. */
function finishSessions(
  wanted: Wanted,
  constraints: Constraints,
  { memory }: NodeInput,
): Pick<Desired, 'sessions' | 'disabled'> {
  const named = wanted.sessions.map((item) => withPreservedNames(item, constraints));
  // Disabled sessions are found by the names that their protocols have in BIRD.
  const disabled = disabledSessions(named, wanted.entries, {
    before: memory.sessions.disabled,
    observed: wanted.observed,
    preserved: memory.preserved,
    isLoaded: !memory.reloadPending,
    isListKnown: wanted.snapshot.sessions !== undefined && wanted.doubted.length === 0,
  });
  const sessions = named.map((item) => ({
    ...item,
    tunnel: withPreservedAddresses(item.tunnel, constraints, wanted),
    disabled: disabled[item.session.uuid],
  }));
  return { sessions, disabled };
}

/** A session that is preserved keeps its protocols' names. */
function withPreservedNames(item: DesiredSession, { names }: Constraints): DesiredSession {
  const preservedNames = names[formatMark(item.tunnel.owner)];
  return preservedNames ? { ...item, preservedNames } : item;
}

/** The addresses of an adopted session stay while it is up, unless they are dangerous. */
function withPreservedAddresses(tunnel: Tunnel, { addresses }: Constraints, { dangers }: Wanted): Tunnel {
  const dangerous = dangers.get(tunnel.owner)?.map(({ address }) => address) ?? [];
  const preservedAddresses = addresses[formatMark(tunnel.owner)]?.filter(
    (address) => !dangerous.includes(address),
  );
  return preservedAddresses ? { ...tunnel, preservedAddresses } : tunnel;
}

function isNoRoaFile({ path }: BirdFile): boolean {
  return path !== roaFiles.ipv4 && path !== roaFiles.ipv6;
}

type Rendered = { readonly files: readonly BirdFile[] } | { readonly birdBlocked: string };

/** BIRD's files, or why the agent leaves them unchanged. */
function render(
  routing: Routing,
  { adoptionBlocked }: Constraints,
  { templates, templateFault, observed, orders }: DesireInput,
): Rendered {
  const { birdFilesProblem } = observed;
  if (birdFilesProblem !== undefined)
    return {
      birdBlocked: `the agent leaves BIRD's files unchanged, because it cannot read them: ${birdFilesProblem}`,
    };
  if (templateFault?.blocksBird) return { birdBlocked: templateFault.reason };
  if (adoptionBlocked !== undefined) return { birdBlocked: adoptionBlocked };
  try {
    const pending = pendingOptions(observed);
    const runs = (wanted: BirdFile) =>
      orders.reset?.has(formatMark(wanted.owner)) ? undefined : pending(wanted);
    return { files: renderBird(routing, templates, runs) };
  } catch (error) {
    const why = wordsOf(error);
    return { birdBlocked: `the agent leaves BIRD's files unchanged, because it cannot render them: ${why}` };
  }
}

function protocolsOf(sessions: readonly DesiredSession[]): DesiredProtocol[] {
  return sessions.flatMap((item) => {
    const names = protocolNames(item);
    const off = offNames(item.disabled, names);
    const { owner } = item.tunnel;
    const returns = item.disabled?.phase === 'returning';
    return names.map((name) => ({ name, owner, off: off.includes(name), returns }));
  });
}

/** What keeps parts of the node other than sessions from being configured. */
function problemsOf(
  routing: Routing | undefined,
  birdBlocked: string | undefined,
  { key: { keyProblem }, templateFault }: DesireInput,
): string[] {
  return [
    ...(routing ? ibgpProblems(routing) : []),
    ...(keyProblem === undefined ? [] : [keyProblem]),
    ...(templateFault && templateFault.reason !== birdBlocked ? [templateFault.reason] : []),
  ];
}
