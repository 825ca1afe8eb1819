import { describeOff } from '../desired/disabled/say-disabled.js';
import type { DesiredSession } from '../desired/sessions.js';
import type { InterfaceAddress } from '../model/artifacts.js';
import { sameOwner } from '../model/owner.js';
import type { Session } from '../model/session.js';
import { sessionProtocols } from '../model/session-protocols.js';
import { sessionId } from '../model/values/session-id.js';
import { policies } from '../render/peer-view.js';
import { type Verdict, type Verdicts, verdictOf } from '../verdict/session-verdict.js';
import { describeDown, type SessionView, viewSession } from '../verdict/session-view.js';
import { differencesFor, type Evidence, nextSteps, protocolsFor } from './evidence.js';
import type { Explanation, Fact } from './explanation.js';
import { type OptionSources, optionFacts } from './option-facts.js';
import { peerAdvice } from './peer-advice.js';
import { rowFacts } from './row-facts.js';
import { identityOf, type SessionSubject, titleOf } from './subjects.js';
import { symptomsOf } from './symptoms.js';
import { lookAtTunnel, seenTunnel, wantedTunnel } from './tunnel-facts.js';

/** What the explanation of a session needs besides. */
export interface SessionEvidence extends Evidence {
  readonly verdicts: Verdicts | undefined;
  readonly options: Omit<OptionSources, 'row'>;
}

/** Explains one row of the control plane's list, or a session that stays without one. */
export function explainSession(subject: SessionSubject, evidence: SessionEvidence): Explanation {
  const { entry, item } = subject;
  const identity = identityOf(subject);
  const uuid = sessionId.safeParse(identity.uuid);
  const owner = { kind: 'session', uuid: uuid.data } as const;
  const differences =
    owner.uuid === undefined ? [] : differencesFor({ ...owner, uuid: owner.uuid }, evidence.plan);
  const verdict: Verdict = entry
    ? verdictOf(entry, evidence.verdicts)
    : (evidence.verdicts?.get(identity.uuid ?? '') ?? { state: 'undecided', reason: undefined, isUp: false });
  const view = item && viewSession(item, evidence.observed);
  const tunnel = item && lookAtTunnel(item.tunnel, evidence.observed);
  return {
    kind: 'session',
    title: titleOf(subject),
    name: identity.interface ?? identity.uuid ?? '',
    state: evidence.state,
    trouble: evidence.trouble,
    summary: summaryOf(verdict, subject, { ...evidence, view }),
    controlPlane: rowFacts(entry),
    desired: item
      ? desiredFacts(item, {
          ...evidence.options,
          row: entry?.kind === 'session' ? entry.session : undefined,
        })
      : [{ what: 'nothing', value: 'the agent wants nothing of it on this node' }],
    observed: item && tunnel && view ? [...seenTunnel(item.tunnel, tunnel), ...seenRoutes(view)] : [],
    protocols: view ? protocolsFor(view.protocolNames, evidence) : [],
    differences,
    changes: evidence.changes,
    rtt: evidence.rtt,
    history: evidence.history,
    refusedRoutes: evidence.refused,
    next: [
      ...(verdict.state === 'refused' && differences.length === 0 ? [] : nextSteps(differences, evidence)),
      ...nextOfSession(subject, verdict, evidence),
    ],
    advice:
      item && tunnel && view
        ? peerAdvice(symptomsOf(item, { ...evidence, tunnel, view, pingLoss: evidence.rtt?.loss }))
        : [],
    notes: evidence.notes,
  };
}

function summaryOf(
  verdict: Verdict,
  { entry, item }: SessionSubject,
  {
    view,
    observed: { bird },
    trouble,
  }: Pick<Evidence, 'observed' | 'trouble'> & { readonly view: SessionView | undefined },
): string {
  const words = verdict.reason ?? verdict.degraded;
  if (words !== undefined && !(verdict.isUp && verdict.state === 'error')) return words;
  if (entry?.kind === 'ignored')
    return `the control plane lists it as ${entry.status}: nothing of it is on this node`;
  if (!item || !view) return 'no pass has seen it yet';
  if (!bird.running) return bird.reason;
  if (!view.established) return trouble?.words ?? describeDown(view);
  const since = view.protocol?.since;
  return `BGP is Established${since === undefined ? '' : ` since ${since}`}: ${view.routesImported} routes in, ${view.routesExported} out`;
}

function desiredFacts(item: DesiredSession, sources: OptionSources): Fact[] {
  const { session, tunnel, protocol } = item;
  const { sends, accepts } = policies[session.policy];
  const protocols = sessionProtocols(session, protocol);
  return [
    ...wantedTunnel(tunnel, (address) => whyAddress(address, session)),
    ...protocols.map(({ name, neighbor, families, extendedNextHop }) => ({
      what: 'BIRD protocol',
      value: `${item.preservedNames ? item.preservedNames.join(', ') : name}, neighbor ${neighbor} as AS${session.asn}, ${families.join(' and ')}`,
      why: extendedNextHop ? 'IPv4 routes with an IPv6 next hop (RFC 8950)' : undefined,
    })),
    { what: 'we send', value: sends, why: `policy ${session.policy}` },
    { what: 'we accept', value: accepts, why: `policy ${session.policy}` },
    ...optionFacts(item, sources),
  ];
}

function whyAddress({ local, peer }: InterfaceAddress, session: Session): string {
  if (peer !== undefined) return `our loopback address speaks with ${peer}`;
  if (local === session.ownIpv6) return 'the row names it: the neighbor was told this address';
  if (local === session.localIpv4 || local === session.localIpv6) return "our end of the link's own network";
  return "the node's own address, the same on every tunnel";
}

function seenRoutes({ routesImported, routesExported, routesRefused }: SessionView): Fact[] {
  return [
    { what: 'routes', value: `${routesImported} accepted, ${routesRefused} refused, ${routesExported} sent` },
  ];
}

function nextOfSession(
  { entry, item }: SessionSubject,
  verdict: Verdict,
  { desired, observed }: SessionEvidence,
): string[] {
  if (verdict.state === 'refused' || entry?.kind === 'refused')
    return [
      'the agent tries the row again at every pass; correct it at the control plane, or end what is in its way on this node',
    ];
  if (!item) return [];
  const off = describeOff(item);
  if (off !== undefined) return [off];
  const owner = { kind: 'session', uuid: item.session.uuid } as const;
  const pending = desired.files?.find((file) => sameOwner(file.owner, owner))?.pending ?? [];
  const wait =
    pending.length === 0
      ? []
      : [
          `BGP options that wait until the session is down, because a change resets it: ${pending.join(', ')}; to apply them now: moenet-agent resync --session ${item.session.interface} --reset`,
        ];
  const isDown = !viewSession(item, observed).established && observed.bird.running;
  return [
    ...wait,
    ...(isDown ? ['BIRD dials again by itself, every 15 s; nobody has to restart anything'] : []),
  ];
}
