import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Register } from './register.js';

export function addLab(program: Command, register: Register): void {
  const lab = program
    .command('lab')
    .description('run a small network in namespaces on this machine')
    .option('--once', 'exit after the network has converged and the checks are done')
    .option('--no-steps', 'check the converged network, but change nothing in it')
    .option('--keep', 'keep the network up until Ctrl-C')
    .option('--simulate', 'show it on simulated hosts: it needs no namespaces, and proves less')
    .option('--nodes <n>', 'number of nodes', wholeNumber)
    .option('--peers <n>', 'number of external peers', wholeNumber)
    .addOption(
      new Option('--dialect <name>', 'what the control plane speaks')
        .choices(['documented', 'moenet-core'])
        .default('documented'),
    )
    .option('--page-port <port>', 'port of its page on this machine (default: a free one)', wholeNumber)
    .option('--no-page', 'serve no page')
    .option('--topology <file>', 'also draw the network, as SVG, into this file');
  register(lab, async ({ io, json }) => {
    const { labCommand } = await import('../lab.js');
    return labCommand({ ...lab.opts(), json }, io);
  });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}
