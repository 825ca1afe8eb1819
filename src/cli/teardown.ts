import type { TeardownDocument } from '../wire/teardown.js';
import { counted, printable } from '../words/text.js';
import { type Context, exitCodes } from './commands.js';
import { describePass, printAnswer, printErrors, printWarnings } from './terminal/text.js';

/**
 * `moenet-agent teardown`: shows what the agent made on this node, and removes it with `--yes`. 0 nothing to remove, or
 * done; 2 there is something and no `--yes`; 1 part of it failed.
 */
export async function teardownCommand(context: Context, { yes }: { readonly yes: boolean }): Promise<number> {
  const { io, commands, logLevel } = context;
  const needs = { withoutToken: true, withoutBootstrap: true };
  const { config, warnings, path: configPath } = await context.load(needs);
  await printWarnings(io, warnings);
  const document = await commands.teardown(config, { logLevel, yes, configPath });
  await printAnswer(context, document, (each) => describe(each, yes));
  await printErrors(io, document.errors.map(printable));
  if (!document.ok) return 1;
  return yes || document.items.length === 0 ? 0 : exitCodes.changesPending;
}

function describe(document: TeardownDocument, yes: boolean): string {
  const { items, stays, notes } = document;
  const isSome = items.length > 0;
  return [
    yes && isSome ? describePass(document) : describeItems(document),
    ...(stays.length === 0
      ? []
      : ['stays:\n', ...stays.map(({ path, what }) => `  ${printable(path)} (${what})\n`)]),
    ...notes.map((words) => `note: ${printable(words)}\n`),
    ...(isSome && !yes ? [hint] : []),
  ].join('');
}

const hint = `
The agent changed nothing. To remove it:
  systemctl disable --now moenet-agent
  moenet-agent teardown --yes
`;

function describeItems({ items }: TeardownDocument): string {
  const heading = items.length === 0 ? 'nothing to remove' : `${counted(items.length, 'thing')} to remove`;
  const lines = items.map(({ kind, name, effect }) => `  ${kind} ${printable(name)}: ${printable(effect)}`);
  return `${[heading, ...lines].join('\n')}\n`;
}
