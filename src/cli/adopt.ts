import type { AdoptedItem, Adoption } from '../shell/operations/adopt.js';
import { counted, printable } from '../words/text.js';
import { askOrAlone } from './ask-or-alone.js';
import { type Context, exitCodes } from './commands.js';
import { printAnswer, printPass, printText } from './terminal/text.js';

/**
 * `moenet-agent adopt`: shows what the agent left alone of the set-up before it, and takes it over with `--yes`. 0
 * nothing to take, or done; 2 there is something and no `--yes`; 1 part of it failed.
 */
export async function adoptCommand(context: Context, { yes }: { readonly yes: boolean }): Promise<number> {
  const adoption = await askOrAlone(context, 'adoption', {});
  if (!yes) return show(context, adoption);
  if (!context.json) await printText(context.io, describe(adoption));
  if (adoption.items.length === 0) return context.json ? show(context, adoption) : 0;
  return printPass(context, await askOrAlone(context, 'adopt', {}));
}

async function show(context: Context, adoption: Adoption): Promise<number> {
  const some = adoption.items.length > 0;
  const hint = some ? '\nThe agent changed nothing. To take it over: moenet-agent adopt --yes\n' : '';
  await printAnswer(context, adoption, (each) => describe(each) + hint);
  return some ? exitCodes.changesPending : 0;
}

function describe({ items, leftAlone }: Adoption): string {
  const heading = items.length === 0 ? 'nothing to adopt' : `${counted(items.length, 'thing')} to adopt`;
  const rest = leftAlone.map((words) => `left alone: ${printable(words)}`);
  return `${[heading, ...items.flatMap(describeItem), ...rest].join('\n')}\n`;
}

function describeItem({ kind, name, why, effect }: AdoptedItem): string[] {
  return [
    `  ${kind} ${printable(name)}`,
    `      left alone because ${printable(why)}`,
    `      ${printable(effect)}`,
  ];
}
