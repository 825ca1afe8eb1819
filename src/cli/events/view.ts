import stringWidth from 'string-width';
import type { NodeEvent } from '../../core/model/events/event.js';
import type { EventsAnswer } from '../../shell/events/select-events.js';
import { flapWords, shortSubject, toneOfEvent } from '../../words/event-words.js';
import { printable } from '../../words/text.js';
import type { Screen } from '../terminal/screen.js';
import { truncate, wrap, wrapBeside } from '../terminal/table.js';

/** Columns of the longest kind of event. */
const kindWidth = 11;
const gap = '  ';

/** A terminal of this width has the subjects in a column of their own. */
const wide = 120;
const subjectWidth = 30;

/**
 * Events below the date of their day, in UTC. `dayBefore` is the day of the last line above them; returns also the day of
 * the last one.
 */
export function renderEvents(
  events: readonly NodeEvent[],
  view: Screen,
  dayBefore = '',
): { readonly text: string; readonly day: string } {
  let day = dayBefore;
  const lines = events.flatMap((event) => {
    const [today = '', time = ''] = new Date(event.atMs).toISOString().split(/[T.]/);
    const heading = today === day ? [] : [view.paint('bold', `${today} (UTC)`)];
    day = today;
    return [...heading, ...eventLines(event, time, view)];
  });
  return { text: lines.map((line) => `${line}\n`).join(''), day };
}

function eventLines(event: NodeEvent, time: string, { width, paint }: Screen): string[] {
  const isWide = width >= wide;
  const subject = printable(shortSubject(event));
  const column = isWide ? padded(subject, subjectWidth) + gap : '';
  const words = isWide ? printable(event.text) : `${subject}: ${printable(event.text)}`;
  const kind = event.kind.padEnd(kindWidth);
  const style = toneOfEvent(event);
  return wrapBeside(`${time}${gap}${style ? paint(style, kind) : kind}${gap}${column}`, words, width);
}

function padded(text: string, width: number): string {
  const short = truncate(text, width);
  return short + ' '.repeat(Math.max(0, width - stringWidth(short)));
}

/** Which sessions went down, and how often; empty where none did. */
export function renderFlaps(flaps: EventsAnswer['flaps'], { width }: Screen): string {
  if (flaps.length === 0) return '';
  const all = flaps.map((each) => printable(flapWords(each))).join(', ');
  return `\n${wrap(`went down: ${all}`, width).join('\n')}\n`;
}
