import type { ExplainedHistory, Fact, HistorySummary } from '../../core/explain/explanation.js';
import { counted } from '../../words/text.js';
import { formatRate } from '../../words/units.js';
import { sparkline } from '../terminal/sparkline.js';

/** `last 24 hours`, `last 30 days`. */
export function historyHeading({ hours }: ExplainedHistory): string {
  return `last ${hours % 24 === 0 && hours > 24 ? `${hours / 24} days` : `${hours} hours`} (least / average / most)`;
}

/**
 * A line for each measure: how it went, and between which values. What is not known has none. In less than `leastWidth` columns nothing is
 * drawn.
 */
export function historyFacts(history: ExplainedHistory, width: number): Fact[] {
  const { rtt, loss, received, sent, imported, refused, exported, up } = history;
  const facts = [
    ...measured('RTT', rtt, (all) => [withUnit(all, 1, 'ms'), drawn(all)]),
    ...measured('loss', loss, (all) => [withUnit(all, 1, '%'), drawn(all, 0)]),
    ...measured('received', received, (all) => [rates(all), drawn(all, 0)]),
    ...measured('sent', sent, (all) => [rates(all), drawn(all, 0)]),
    ...measured('routes imported', imported, (all) => [withUnit(all, 0), drawn(all, 0)]),
    ...(refused && refused.largest > 0
      ? measured('routes refused', refused, (all) => [withUnit(all, 0), drawn(all, 0)])
      : []),
    ...measured('routes exported', exported, (all) => [withUnit(all, 0), drawn(all, 0)]),
    ...measured('BGP Established', up, (all) => [upWords(all, history), drawn(all, 0, 1)]),
  ];
  return facts.map(({ what, line, words }) => ({
    what,
    value: width < leastWidth ? words : `${line}  ${words}`,
  }));
}

const leastWidth = 60;

interface Line {
  readonly what: string;
  readonly words: string;
  readonly line: string;
}

function measured(
  what: string,
  summary: HistorySummary | undefined,
  say: (summary: HistorySummary) => readonly [words: string, line: string],
): Line[] {
  if (!summary) return [];
  const [words, line] = say(summary);
  return [{ what, words, line }];
}

/** Between the given bounds, so that what hardly changes does not look wild. */
function drawn({ line }: HistorySummary, least?: number, largest?: number): string {
  return sparkline(line, line.length, { least, largest });
}

function withUnit(summary: HistorySummary, digits: number, unit = ''): string {
  const words = span(summary, (value) => String(Number(value.toFixed(digits))));
  return unit === '' ? words : `${words} ${unit}`;
}

function rates(summary: HistorySummary): string {
  return span(summary, formatRate);
}

/** One value where all three look the same. */
function span({ least, average, largest }: HistorySummary, say: (value: number) => string): string {
  const all = [least, average, largest].map(say);
  return new Set(all).size === 1 ? say(average) : all.join(' / ');
}

/** Only what is all is 100 %: a short flap must not round away. */
function upWords({ average }: HistorySummary, { flaps }: ExplainedHistory): string {
  const percent = average >= 1 ? 100 : Math.min(99.99, Number((average * 100).toFixed(2)));
  return `${percent} %${flaps === undefined ? '' : `, ${counted(flaps, 'flap')}`}`;
}
