import type {
  ExplainedDifference,
  ExplainedProtocol,
  ExplainedRtt,
  Explanation,
  Fact,
  RecentChange,
  RefusedGroup,
} from '../core/explain/explanation.js';
import type { TroubleKind } from '../core/verdict/trouble-kind.js';
import { formatDuration, formatMs } from './units.js';

const actors: Readonly<Record<TroubleKind, string>> = {
  'needs-you': 'you have to act',
  working: 'the agent works on it',
  'peer-side': 'the peer has to act, all is right here',
};

/** Who has to act; what is wrong only where the summary does not say it. Undefined where nothing is wrong. */
export function actorWords({ trouble, summary }: Explanation): string | undefined {
  if (!trouble) return undefined;
  const { kind, words, next } = trouble;
  const what = [...(summary.includes(words) ? [] : [words]), ...(next ? [next] : [])].join('; ');
  const actor = actors[kind] ?? kind;
  return what === '' ? actor : `${actor}: ${what}`;
}

/** The headings of an explanation's parts, in the order in which they are read. */
export const headings = {
  advice: 'what probably has to change',
  next: 'what comes next',
  differences: 'what differs',
  controlPlane: 'wanted by the control plane',
  desired: 'desired on this node',
  observed: 'observed',
  refusedRoutes: 'refused routes',
  changes: 'last changes',
} as const;

export function differenceWords({ change, why, waits }: ExplainedDifference): string {
  return `${change}: ${why}${waits === undefined ? '' : `; it waits: ${waits}`}`;
}

/** `12.5 ms, 13 ms on average, latency tier 2`; undefined before the first measurement. */
export function rttWords({ lastMs, loss, tier, averageMs }: ExplainedRtt): string | undefined {
  if (loss === undefined) return undefined;
  return [
    lastMs === undefined ? 'no answer' : formatMs(lastMs),
    ...(averageMs === undefined ? [] : [`${formatMs(averageMs)} on average`]),
    ...(loss > 0 ? [`${Math.round(loss * 100)} % lost`] : []),
    ...(tier === undefined ? [] : [`latency tier ${tier}`]),
  ].join(', ');
}

/** A protocol of BIRD's, as facts; the first one is called by its name, or `BGP` where that is longer than `most`. */
export function protocolFacts(protocol: ExplainedProtocol, most = Number.POSITIVE_INFINITY): readonly Fact[] {
  const { name, state, stateWords, since, lastError, lastErrorWords, timers, capabilities } = protocol;
  const list = (names: readonly string[]) => names.join(', ') || 'nothing more';
  return [
    {
      what: name.length <= most ? name : 'BGP',
      value: `${state}${since === undefined ? '' : ` since ${since}`}`,
      why: stateWords,
    },
    ...(lastError === undefined ? [] : [{ what: 'last error', value: lastError, why: lastErrorWords }]),
    ...(timers.length === 0 ? [] : [{ what: 'timers', value: timers.join(', ') }]),
    ...(capabilities
      ? [
          { what: 'both ends offer', value: list(capabilities.both) },
          { what: 'only we offer', value: list(capabilities.onlyUs) },
          { what: 'only they offer', value: list(capabilities.onlyNeighbor) },
        ]
      : []),
  ];
}

export function refusedWords({ words, count, examples }: RefusedGroup): string {
  return `${count}: ${words}: ${examples.join(', ')}${count > examples.length ? ', ...' : ''}`;
}

/** `3m ago: create tunnel x (it is not there)`, without its result. */
export function changeWords({ atSeconds, change, why }: RecentChange, nowSeconds: number): string {
  return `${formatDuration(nowSeconds - atSeconds)} ago: ${change} (${why})`;
}
