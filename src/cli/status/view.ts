import { firstSentences } from '../../core/model/list-some.js';
import type { NodeStatus } from '../../shell/status/status.js';
import { causeOf, furtherProblems, maintenanceWords, nodeFacts, remedies } from '../../words/status-words.js';
import { printable } from '../../words/text.js';
import { moreAbout } from '../help/more.js';
import { paintState } from '../terminal/paint.js';
import { wrap, wrapBeside } from '../terminal/table.js';
import { withTrouble } from './select.js';
import { renderRows, type ViewOptions } from './tables.js';

/** The most problems to show; there may be one for each of thousands of malformed rows. */
const mostProblems = 40;

/** What of the node is shown besides its rows. */
export type Scope = 'all' | 'problems' | 'session';

/** The node's state: the verdict and its cause first, then who has to act on what. */
export function renderStatus(status: NodeStatus, options: ViewOptions, scope: Scope = 'all'): string {
  const isAll = scope === 'all';
  const rows = scope === 'problems' ? withTrouble(status) : status;
  const parts = [
    ...(scope === 'session'
      ? []
      : [heading(status, options), maintenance(status, options), problems(status, options)]),
    isAll || rows.sessions.length + rows.mesh.length > 0 ? renderRows(rows, options) : [],
    moreAbout(messagesOf(rows), options.page).flatMap((line) => wrap(line, options.width)),
    ...(isAll ? [notes(status, options), facts(status, options)] : []),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** `jp1  degraded: BIRD does not answer, and 2 more problems`. */
function heading(status: NodeStatus, { paint, width }: ViewOptions): string[] {
  const { agent, health } = status;
  const node = printable(agent.node);
  const [first = '', ...rest] = wrap(`${node}  ${health}: ${printable(causeOf(status))}`, width);
  const isWhole = first.startsWith(`${node}  ${health}`);
  return [
    isWhole
      ? `${paint('bold', node)}  ${paintState(paint, health)}${first.slice(node.length + 2 + health.length)}`
      : first,
    ...rest,
  ];
}

function maintenance(status: NodeStatus, { width, paint, nowSeconds }: ViewOptions): string[] {
  const text = maintenanceWords(status, nowSeconds);
  return text === undefined ? [] : wrap(text, width).map((line) => paint('warn', line));
}

/** The problems of the node itself; the rows below have those of sessions and mesh peers. */
function problems(status: NodeStatus, { width, paint }: ViewOptions): string[] {
  if (status.problems.length === 0) return [];
  // The first line has the worst one already.
  const shown = firstSentences(furtherProblems(status), mostProblems, 'problems: moenet-agent status --json');
  return [
    ...shown.flatMap((problem) => wrap(`! ${printable(problem)}`, width).map((line) => paint('bad', line))),
    ...remedies(status).flatMap((remedy) => wrap(`- ${remedy}`, width)),
  ];
}

/** What is wrong, in words: of the node, then of its rows. */
function messagesOf({ problems: all, sessions, mesh }: NodeStatus): string[] {
  const ofRows = [...sessions, ...mesh].flatMap(({ trouble, error }) => trouble?.words ?? error ?? []);
  return [...all, ...ofRows];
}

function notes({ notes: sentences = [] }: NodeStatus, { width }: ViewOptions): string[] {
  return sentences.flatMap((note) => wrap(`* ${printable(note)}`, width));
}

function facts(status: NodeStatus, { nowSeconds, width }: ViewOptions): string[] {
  return nodeFacts(status, nowSeconds).flatMap(([name, text]) =>
    wrapBeside(name.padEnd(15), printable(text), width),
  );
}
