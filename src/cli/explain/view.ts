import type {
  ExplainedDifference,
  ExplainedProtocol,
  ExplainedRtt,
  Explanation,
  Fact,
  PeerAdvice,
  RecentChange,
  RefusedGroup,
} from '../../core/explain/explanation.js';
import type { TroubleKind } from '../../core/verdict/trouble-kind.js';
import { moreAbout } from '../help/more.js';
import { paintState } from '../terminal/paint.js';
import type { Screen } from '../terminal/screen.js';
import { sparkline } from '../terminal/sparkline.js';
import { wrap, wrapBeside } from '../terminal/table.js';
import { printable } from '../terminal/text.js';
import { formatDuration, formatMs } from '../terminal/units.js';
import { historyFacts, historyHeading } from './history-lines.js';

interface ViewOptions extends Screen {
  readonly nowSeconds: number;
}

/** An explanation for people: what is wrong and what helps stands first. */
export function renderExplanation(explanation: Explanation, options: ViewOptions): string {
  const { paint, width } = options;
  const { title, state, summary, notes, next, advice } = explanation;
  const section = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [[paint('bold', heading), ...lines]];
  const parts = [
    [
      ...wrap(`${paint('bold', printable(title))}  ${paintState(paint, state)}`, width),
      ...wrap(printable(summary), width),
      ...troubleLines(explanation, options),
      ...notes.flatMap((note) => wrap(paint('warn', `! ${printable(note)}`), width)),
      ...moreAbout([summary, ...notes, ...advice.map(({ symptom }) => symptom)], options.page).flatMap(
        (line) => wrap(line, width),
      ),
    ],
    ...section(
      'what the peer probably has to change',
      advice.flatMap((each) => adviceLines(each, options)),
    ),
    ...section(
      'what comes next',
      next.filter((each) => each !== summary).flatMap((each) => bullet(printable(each), options)),
    ),
    ...section(
      'what differs',
      explanation.differences.flatMap((each) => differenceLines(each, options)),
    ),
    ...section('wanted by the control plane', factLines(explanation.controlPlane, options)),
    ...section('desired on this node', factLines(explanation.desired, options)),
    ...section('observed', [
      ...factLines([...explanation.observed, ...rttFacts(explanation.rtt)], options),
      ...explanation.protocols.flatMap((each) => protocolLines(each, options)),
    ]),
    ...(explanation.history ?? []).flatMap((each) =>
      section(historyHeading(each), factLines(historyFacts(each, width), options)),
    ),
    ...section(
      'refused routes',
      explanation.refusedRoutes.flatMap((each) => refusedLines(each, options)),
    ),
    ...section(
      'last changes',
      explanation.changes.flatMap((each) => changeLines(each, options)),
    ),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const actors: Readonly<Record<TroubleKind, string>> = {
  'needs-you': 'you have to act',
  working: 'the agent works on it',
  'peer-side': 'the peer has to act, all is right here',
};

/** Who has to act; what is wrong only where the summary does not say it. */
function troubleLines({ trouble, summary }: Explanation, { paint, width }: ViewOptions): string[] {
  if (!trouble) return [];
  const { kind, words, next } = trouble;
  const what = [...(summary.includes(words) ? [] : [words]), ...(next ? [next] : [])].join('; ');
  const actor = actors[kind] ?? kind;
  return wrap(
    paint(kind === 'needs-you' ? 'bad' : 'warn', printable(what === '' ? actor : `${actor}: ${what}`)),
    width,
  );
}

function bullet(text: string, { width }: ViewOptions): string[] {
  return wrapBeside('  - ', text, width);
}

function adviceLines({ symptom, advice }: PeerAdvice, options: ViewOptions): string[] {
  return bullet(`${printable(symptom)}: ${options.paint('bold', printable(advice))}`, options);
}

function differenceLines({ change, why, waits }: ExplainedDifference, options: ViewOptions): string[] {
  const wait = waits === undefined ? '' : `; it waits: ${printable(waits)}`;
  return bullet(`${printable(change)}: ${printable(why)}${wait}`, options);
}

const nameWidth = 21;

function factLines(facts: readonly Fact[], { width, paint }: ViewOptions): string[] {
  return facts.flatMap(({ what, value, why }, index) => {
    const name = facts[index - 1]?.what === what ? '' : what;
    const reason = why === undefined ? '' : paint('dim', ` (${printable(why)})`);
    return wrapBeside(`  ${name.padEnd(nameWidth)}`, printable(value) + reason, width);
  });
}

function rttFacts(rtt: ExplainedRtt | undefined): Fact[] {
  if (!rtt) return [];
  const { target, lastMs, loss, tier, averageMs, history } = rtt;
  if (loss === undefined) return [{ what: 'RTT', value: 'not measured yet', why: `pings to ${target}` }];
  const parts = [
    lastMs === undefined ? 'no answer' : formatMs(lastMs),
    ...(averageMs === undefined ? [] : [`${formatMs(averageMs)} on average`]),
    ...(loss > 0 ? [`${Math.round(loss * 100)} % lost`] : []),
    ...(tier === undefined ? [] : [`latency tier ${tier}`]),
  ];
  const line = sparkline(
    history.map(({ rttMs }) => rttMs),
    30,
  );
  return [{ what: 'RTT', value: [parts.join(', '), line].join('  ').trim(), why: `pings to ${target}` }];
}

function protocolLines(protocol: ExplainedProtocol, options: ViewOptions): string[] {
  const { name, state, stateWords, since, lastError, lastErrorWords, timers, capabilities } = protocol;
  const list = (names: readonly string[]) => names.join(', ') || 'nothing more';
  return factLines(
    [
      {
        what: name.length <= nameWidth - 2 ? name : 'BGP',
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
    ],
    options,
  );
}

function refusedLines({ words, count, examples }: RefusedGroup, options: ViewOptions): string[] {
  const names = examples.map(printable).join(', ');
  return bullet(`${count}: ${printable(words)}: ${names}${count > examples.length ? ', ...' : ''}`, options);
}

function changeLines({ atSeconds, change, why, failed }: RecentChange, options: ViewOptions): string[] {
  const { nowSeconds, paint } = options;
  const result = failed === undefined ? 'done' : paint('bad', `failed: ${printable(failed)}`);
  const when = `${formatDuration(nowSeconds - atSeconds)} ago`;
  return bullet(`${when}: ${printable(change)} (${printable(why)}): ${result}`, options);
}
