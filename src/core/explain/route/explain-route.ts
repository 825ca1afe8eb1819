import { type BirdRoute, parseRoutes } from '../../lookups/bird-routes.js';
import { refusedNumber, refusedReason } from '../../lookups/refused-reasons.js';
import { type IpAddress, type Prefix, parsePrefix } from '../../model/values/ip.js';
import { whyBetter } from './best-route.js';
import { type CommunityContext, communityWords } from './community-words.js';
import { coveringRoas, describeRoa, type Roa, roaState } from './roa-state.js';
import type { ExplainedRoute, ExplainedTarget, RouteExplanation } from './route-explanation.js';
import { type Target, whyNotSent } from './why-not-sent.js';

/** What BIRD says of one prefix or address. */
export interface RouteAnswers {
  /** Its lines on the routes to it, and on those that import filters refused. */
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
  /** Protocol → whether BIRD exports the best route to it; undefined where the protocol is down. */
  readonly exports: ReadonlyMap<string, boolean | undefined>;
  /** Undefined where this node has no table of them. */
  readonly roas: readonly Roa[] | undefined;
}

export interface RouteContext extends CommunityContext {
  readonly to: IpAddress | Prefix;
  readonly sessions: readonly Target[];
  /** Protocol → who is behind it, for our own protocols and iBGP: `node 2 (de1)`. */
  readonly names: ReadonlyMap<string, string>;
  isIbgp(protocol: string): boolean;
}

/** Puts what BIRD says into words. */
export function explainRoute(answers: RouteAnswers, context: RouteContext): RouteExplanation {
  const accepted = parseRoutes(answers.accepted);
  const best = accepted.find(({ isBest }) => isBest) ?? accepted[0];
  const refused = parseRoutes(answers.refused);
  const covered = parsePrefix(best?.network ?? refused[0]?.network ?? context.to);
  const roas = covered && answers.roas ? coveringRoas(covered, answers.roas) : [];
  const described = (route: BirdRoute, state: ExplainedRoute['state'], why: string): ExplainedRoute => ({
    network: route.network,
    protocol: route.protocol,
    source: sourceOf(route, context),
    state,
    why,
    via: route.via,
    asPath: route.asPath,
    localPreference: state === 'refused' ? undefined : route.localPreference,
    roa: answers.roas && stateOf(route, answers.roas),
    communities: communityWords(route, context),
  });
  return {
    to: context.to,
    network: best?.network,
    summary: summaryOf(best, accepted, refused, context),
    routes: [
      ...(best ? [described(best, 'used', whyUsed(best, accepted, context))] : []),
      ...accepted
        .filter((route) => route !== best)
        .map((route) =>
          described(
            route,
            'spare',
            `the used one is better: ${best ? whyBetter(best, route, context.isIbgp) : ''}`,
          ),
        ),
      ...refused.map((route) =>
        described(route, 'refused', refusedReason(refusedNumber(context.asn, route.largeCommunities)).words),
      ),
    ],
    roas: roas.map(describeRoa),
    targets: best ? targetsOf(best, answers, context) : [],
  };
}

function summaryOf(
  best: BirdRoute | undefined,
  accepted: readonly BirdRoute[],
  refused: readonly BirdRoute[],
  context: RouteContext,
): string {
  const { to } = context;
  const rejected = refused.length === 0 ? '' : `; ${refused.length} more refused`;
  if (best) {
    const covers =
      best.network === to || !to.includes('/')
        ? ''
        : `, by the route to ${best.network}, for there is none to ${to} itself`;
    return `${to} is reached by ${sourceOf(best, context)}${covers}: ${accepted.length} ${accepted.length === 1 ? 'route' : 'routes'}${rejected}`;
  }
  return refused.length === 0
    ? `this node has no route to ${to}, and no neighbor's was refused: nobody announces it to this node`
    : `this node has no route to ${to}: ${refused.length === 1 ? 'the only one was' : `all ${refused.length} were`} refused`;
}

function whyUsed(best: BirdRoute, accepted: readonly BirdRoute[], { isIbgp }: RouteContext): string {
  const others = accepted.filter((route) => route !== best);
  const [second] = others;
  if (!second) return 'it is the only one';
  return `better than the next: ${whyBetter(best, second, isIbgp)}`;
}

function sourceOf({ protocol, from }: BirdRoute, { sessions, names }: RouteContext): string {
  const session = sessions.find((each) => each.protocol === protocol);
  if (session) return `AS${session.asn} (${protocol}, policy ${session.policy})`;
  const name = names.get(protocol) ?? 'BIRD';
  return `${name} (${protocol}${from === undefined ? '' : `, from ${from}`})`;
}

function stateOf({ network, asPath }: BirdRoute, roas: readonly Roa[]) {
  const prefix = parsePrefix(network);
  const origin = Number(asPath.at(-1));
  return prefix && Number.isInteger(origin)
    ? roaState(prefix, origin, coveringRoas(prefix, roas))
    : undefined;
}

function targetsOf(best: BirdRoute, { exports }: RouteAnswers, context: RouteContext): ExplainedTarget[] {
  return [...exports].map(([protocol, isSent]) => {
    const session = context.sessions.find((each) => each.protocol === protocol);
    const to = session ? `AS${session.asn}` : (context.names.get(protocol) ?? protocol);
    return {
      to,
      protocol,
      isSent: isSent === true,
      why: isSent ? undefined : whyNot(best, { protocol, isSent, session }, context),
    };
  });
}

function whyNot(
  best: BirdRoute,
  {
    protocol,
    isSent,
    session,
  }: {
    readonly protocol: string;
    readonly isSent: boolean | undefined;
    readonly session: Target | undefined;
  },
  { asn, isIbgp }: RouteContext,
): string {
  if (isSent === undefined) return 'it is not up';
  if (session) return whyNotSent(best, session, asn);
  if (!isIbgp(protocol)) return 'it leads to what this node depends on, or it is a route of an interface';
  if (best.protocol === protocol) return 'it came from this node';
  if (isIbgp(best.protocol))
    return 'it came from another node of ours, and only a route reflector passes it on';
  return 'only routes of neighbors and our own prefixes go to our other nodes; each has the loopbacks by Babel';
}
