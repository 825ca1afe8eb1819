import type {
  ExplainedRoute,
  ExplainedTarget,
  RouteExplanation,
} from '../../core/explain/route/route-explanation.js';
import { printable } from '../../words/text.js';
import type { Context } from '../commands.js';
import { noDaemon } from '../no-daemon.js';
import { type Screen, screenOf } from '../terminal/screen.js';
import { wrap, wrapBeside, wrapLine } from '../terminal/table.js';
import { fail, toJson } from '../terminal/text.js';

/** `moenet-agent explain prefix P`: 0 explained, also where there is no route; 1 no daemon, or P is no prefix. */
export async function explainRouteCommand(context: Context, to: string): Promise<number> {
  const { io, json, commands } = context;
  const answer = await commands.ask(await context.place(), 'explainRoute', { to });
  if (!answer) return fail(context, noDaemon);
  io.stdout.write(json ? toJson(answer) : render(answer, screenOf(io)));
  return 0;
}

function render(answer: RouteExplanation, options: Screen): string {
  const { paint, width } = options;
  const sent = answer.targets.filter(({ isSent }) => isSent);
  const kept = answer.targets.filter(({ isSent }) => !isSent);
  const parts = [
    wrap(paint('bold', printable(answer.summary)), width),
    ...answer.routes.map((route) => routeLines(route, options)),
    answer.roas.length === 0
      ? []
      : [
          paint('bold', 'ROAs that speak of it'),
          ...answer.roas.flatMap((roa) => wrapLine(`  ${printable(roa)}`, width)),
        ],
    sent.length === 0
      ? []
      : [paint('bold', 'sent to'), ...sent.flatMap((each) => targetLines(each, options))],
    kept.length === 0
      ? []
      : [paint('bold', 'not sent to'), ...kept.flatMap((each) => targetLines(each, options))],
  ];
  const shown = parts.filter((lines) => lines.length > 0);
  return `${shown.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const styles = { used: 'good', spare: 'dim', refused: 'bad' } as const;

function routeLines(route: ExplainedRoute, { width, paint }: Screen): string[] {
  const { network, source, state, why, asPath, localPreference, roa, via, communities } = route;
  const line = (name: string, text: string) => wrapBeside(`  ${name.padEnd(18)}`, printable(text), width);
  return [
    ...wrap(
      `${paint('bold', printable(`${network} from ${source}`))}  ${paint(styles[state], state)}`,
      width,
    ),
    ...line('why', why),
    ...(asPath.length > 0 ? line('AS path', asPath.join(' ')) : []),
    ...(localPreference === undefined ? [] : line('local preference', String(localPreference))),
    ...(roa === undefined ? [] : line('RPKI', roa)),
    ...via.flatMap((each) => line('next hop', each)),
    ...communities.flatMap((each, index) => line(index === 0 ? 'communities' : '', each)),
  ];
}

function targetLines({ to, protocol, why }: ExplainedTarget, { width }: Screen): string[] {
  const name = `${to} (${protocol})`;
  return wrapLine(`  ${printable(why === undefined ? name : `${name}: ${why}`)}`, width);
}
