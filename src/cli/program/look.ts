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
    .argument('<subject>', 'an ASN, a uuid, an interface, a BIRD protocol, or a node by its name or number');
  register(explain, async (context) => {
    const { explainCommand } = await import('../explain/explain.js');
    return explainCommand(context, explain.args[0] ?? '');
  });
}
