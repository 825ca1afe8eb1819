import type { Command } from 'commander';
import type { Register } from './register.js';

export function addDebug(program: Command, register: Register): void {
  const debug = program.command('debug').description('collect what a bug report needs');
  const bundle = debug
    .command('bundle')
    .description('write configuration, state, logs and what the system shows into a tar.gz, without secrets')
    .option('--output <file>', 'where to write it (else moenet-agent-debug-NODE-TIME.tar.gz here)')
    .option('--force', 'replace a file of that name');
  register(bundle, async (context) => {
    const { output, force } = bundle.opts();
    const { bundleCommand } = await import('../debug/bundle.js');
    return bundleCommand(context, { output, force: force === true });
  });
}
