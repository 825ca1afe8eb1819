import type {
  ExplainedRtt,
  Explanation,
  Fact,
  PeerAdvice,
  RecentChange,
} from '../../core/explain/explanation.js';
import {
  actorWords,
  changeWords,
  differenceWords,
  headings,
  protocolFacts,
  refusedWords,
  rttWords,
} from '../../words/explain-words.js';
import { printable } from '../../words/text.js';
import { moreAbout } from '../help/more.js';
import { paintState } from '../terminal/paint.js';
import type { Screen } from '../terminal/screen.js';
import { sparkline } from '../terminal/sparkline.js';
import { wrap, wrapBeside } from '../terminal/table.js';
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
      headings.advice,
      advice.flatMap((each) => adviceLines(each, options)),
    ),
    ...section(
      headings.next,
      next.filter((each) => each !== summary).flatMap((each) => bullet(printable(each), options)),
    ),
    ...section(
      headings.differences,
      explanation.differences.flatMap((each) => bullet(printable(differenceWords(each)), options)),
    ),
    ...section(headings.controlPlane, factLines(explanation.controlPlane, options)),
    ...section(headings.desired, factLines(explanation.desired, options)),
    ...section(headings.observed, [
      ...factLines([...explanation.observed, ...rttFacts(explanation.rtt)], options),
      ...explanation.protocols.flatMap((each) => factLines(protocolFacts(each, nameWidth - 2), options)),
    ]),
    ...(explanation.history ?? []).flatMap((each) =>
      section(historyHeading(each), factLines(historyFacts(each, width), options)),
    ),
    ...section(
      headings.refusedRoutes,
      explanation.refusedRoutes.flatMap((each) => bullet(printable(refusedWords(each)), options)),
    ),
    ...section(
      headings.changes,
      explanation.changes.flatMap((each) => changeLines(each, options)),
    ),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Who has to act, and what is wrong. */
function troubleLines(explanation: Explanation, { paint, width }: ViewOptions): string[] {
  const words = actorWords(explanation);
  if (words === undefined) return [];
  return wrap(paint(explanation.trouble?.kind === 'needs-you' ? 'bad' : 'warn', printable(words)), width);
}

function bullet(text: string, { width }: ViewOptions): string[] {
  return wrapBeside('  - ', text, width);
}

function adviceLines({ symptom, advice }: PeerAdvice, options: ViewOptions): string[] {
  return bullet(`${printable(symptom)}: ${options.paint('bold', printable(advice))}`, options);
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
  const words = rttWords(rtt);
  const why = `pings to ${rtt.target}`;
  if (words === undefined) return [{ what: 'RTT', value: 'not measured yet', why }];
  const line = sparkline(
    rtt.history.map(({ rttMs }) => rttMs),
    30,
  );
  return [{ what: 'RTT', value: [words, line].join('  ').trim(), why }];
}

function changeLines(change: RecentChange, options: ViewOptions): string[] {
  const { nowSeconds, paint } = options;
  const { failed } = change;
  const result = failed === undefined ? 'done' : paint('bad', `failed: ${printable(failed)}`);
  return bullet(`${printable(changeWords(change, nowSeconds))}: ${result}`, options);
}
