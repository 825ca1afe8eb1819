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
