import { nearest } from '../../config/nearest.js';
import type { Explained } from '../../core/explain/explanation.js';
import { printable } from '../../words/text.js';
import type { Context } from '../commands.js';
import { noDaemon } from '../no-daemon.js';
import { screenOf } from '../terminal/screen.js';
import { fail, toJson } from '../terminal/text.js';
import { renderExplanation } from './view.js';

/**
 * `moenet-agent explain SUBJECT`: 0 explained; 1 no daemon, nothing of that name, or several, which are listed.
 */
export async function explainCommand(context: Context, subject: string): Promise<number> {
  const { io, json, commands } = context;
  const answer = await commands.ask(await context.place(), 'explain', { subject });
  if (!answer) return fail(context, noDaemon);
  const { explanation, matches } = answer;
  if (explanation) {
    const options = { ...screenOf(io), nowSeconds: io.now() / 1000 };
    io.stdout.write(json ? toJson(explanation) : renderExplanation(explanation, options));
    return 0;
  }
  if (matches.length > 0) {
    io.stdout.write(json ? toJson({ matches }) : listMatches(subject, answer));
    return 1;
  }
  return fail(context, unknown(subject, answer));
}

function listMatches(subject: string, { matches }: Explained): string {
  const lines = matches.map(({ title, state }) => `  ${state.padEnd(9)} ${printable(title)}`);
  const [first] = matches;
  return `${printable(subject)} means ${matches.length} sessions:\n${lines.join('\n')}\nName one by its interface or its uuid: moenet-agent explain ${printable(first?.name ?? 'UUID')}\n`;
}

function unknown(subject: string, { names }: Explained): string {
  const near = nearest(subject, names);
  const hint = near === undefined ? 'moenet-agent status lists them' : `Did you mean ${near}?`;
  return printable(`no session or node is called ${subject}. ${hint}`);
}
