import type { PlanDocument } from '../shell/operations/plan-document.js';
import { bySubject, planSummary } from '../words/plan-words.js';
import { printable, printableLine } from '../words/text.js';
import { loadAndWarn } from './ask-or-alone.js';
import { type Context, exitCodes } from './commands.js';
import { moreAbout } from './help/more.js';
import type { Paint } from './terminal/paint.js';
import { type Screen, screenOf } from './terminal/screen.js';
import { wrap } from './terminal/table.js';
import { toJson } from './terminal/text.js';

/** `moenet-agent plan`: 0 nothing to do; 2 changes or updates pending; 1 something is wrong that no change can fix. */
export async function planCommand(
  context: Context,
  options: Omit<Parameters<Context['commands']['makePlan']>[1], 'logLevel'>,
): Promise<number> {
  const { io, logLevel, config } = await loadAndWarn(context);
  const plan = await context.commands.makePlan(config, { ...options, logLevel });
  io.stdout.write(context.json ? toJson(plan) : renderPlan(plan, screenOf(io)));
  if (plan.changes.length + plan.reports.length > 0) return exitCodes.changesPending;
  return plan.problems.length > 0 ? 1 : 0;
}

function renderPlan({ changes, reports, problems, notes = [] }: PlanDocument, screen: Screen): string {
  const { paint, width } = screen;
  const blocks = [
    problems.flatMap((problem) => wrap(`! ${printable(problem)}`, width).map((line) => paint('bad', line))),
    notes.flatMap((note) => wrap(`* ${printable(note)}`, width)),
    wrap(planSummary({ changes, reports }), width),
    ...bySubject(changes).map(([subject, items]) => [
      ...wrap(paint('bold', printable(subject)), width),
      ...items.flatMap(({ summary, why, diff }) => [
        ...wrap(printable(summary), width, '  '),
        ...(why ? wrap(`because ${printable(why)}`, width, '      ').map((line) => paint('dim', line)) : []),
        ...(diff === undefined ? [] : diff.split('\n').map((line) => paintDiff(paint, line))),
      ]),
    ]),
    reports.length === 0
      ? []
      : [
          paint('bold', 'to the control plane'),
          ...reports.flatMap((report) =>
            wrap(`${printable(report.subject)}: ${printable(report.summary)}`, width, '  '),
          ),
        ],
    moreAbout(problems, screen.page).flatMap((line) => wrap(line, width)),
  ];
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${text.join('\n\n')}\n`;
}

const diffStyles = { '+': 'good', '-': 'bad', '@': 'dim' } as const;

function paintDiff(paint: Paint, line: string): string {
  const style = diffStyles[line.charAt(0) as keyof typeof diffStyles];
  const text = `      ${printableLine(line)}`;
  return style === undefined ? text : paint(style, text);
}
