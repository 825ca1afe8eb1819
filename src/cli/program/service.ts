import type { Command } from 'commander';
import type { Register } from './register.js';

/** What the units run as root; nobody types it. */
export function addService(program: Command, register: Register): void {
  const service = program
    .command('service', { hidden: true })
    .description('what the systemd units run as root');
  const prepare = service
    .command('prepare')
    .description("give the agent's user what it needs, before each start");
  register(prepare, async (context) => {
    const { prepareCommand } = await import('../service.js');
    return prepareCommand(context);
  });
  const restart = service
    .command('restart-bird')
    .description('restart BIRD for the agent, and print how it went');
  register(restart, async (context) => {
    const { restartBirdCommand } = await import('../service.js');
    return restartBirdCommand(context);
  });
}
