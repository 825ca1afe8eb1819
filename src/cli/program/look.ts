import type { Command } from 'commander';
import type { Register } from './register.js';

export function addStatus(program: Command, register: Register): void {
  const status = program
    .command('status')
    .description("show the node's state, problems first")
    .option('--watch', 'refresh until Ctrl-C');
  register(status, async (context) => {
    const watch = status.opts()['watch'] === true;
    if (watch && context.json) program.error("error: option '--watch' cannot be used with option '--json'");
    const { statusCommand } = await import('../status/status.js');
    return statusCommand(context, { watch });
  });
}

export function addExplain(program: Command, register: Register): void {
  const explain = program
    .command('explain')
    .description('say what is wanted of a session or node, what is there, and why they differ')
    .argument('<subject>', 'an ASN, a uuid, an interface, a BIRD protocol, a node, an address or a prefix')
    .argument('[prefix]', "after the word 'prefix': an address or a prefix, of whose routes it says why");
  register(explain, async (context) => {
    const [subject = '', prefix] = explain.args;
    if (prefix !== undefined && subject !== 'prefix')
      program.error("error: too many arguments for 'explain'");
    if (prefix !== undefined || isNetwork(subject)) {
      const { explainRouteCommand } = await import('../explain/explain-route.js');
      return explainRouteCommand(context, prefix ?? subject);
    }
    const { explainCommand } = await import('../explain/explain.js');
    return explainCommand(context, subject);
  });
}

/** An address or a prefix; anything else may be the name of a session. */
function isNetwork(text: string): boolean {
  return /^[\d.]+(?:\/\d+)?$/.test(text)
    ? text.includes('.')
    : /^[\da-f:.]+(?:\/\d+)?$/i.test(text) && text.includes(':');
}
