import { Argument, type Command } from 'commander';
import type { Register } from './register.js';

export function addMaintenance(program: Command, register: Register): void {
  const maintenance = program
    .command('maintenance')
    .description('lead traffic away from this node before it is turned off (RFC 8326)')
    .addArgument(
      new Argument('<on|off|status>', 'begin it, end it, or show whether it is on').choices([
        'on',
        'off',
        'status',
      ]),
    );
  register(maintenance, async (context) => {
    const { maintenanceCommand } = await import('../maintenance.js');
    return maintenanceCommand(context, maintenance.processedArgs[0]);
  });
}

export function addSwitches(program: Command, register: Register): void {
  const disable = program
    .command('disable')
    .description(
      'disable one BGP session on this node, also after restarts; traffic is led away from it first',
    )
    .argument('<session>', 'its interface, its ASN or its uuid')
    .option('--now', 'at once, without leading its traffic away for a minute');
  register(disable, async (context) => {
    const now = disable.opts()['now'] === true;
    const { switchSessionCommand } = await import('../switch-session.js');
    return switchSessionCommand(context, { session: disable.args[0] ?? '', to: 'disabled', now });
  });
  const enable = program
    .command('enable')
    .description('enable a session that was disabled on this node, by disable or with birdc')
    .argument('<session>', 'its interface, its ASN or its uuid');
  register(enable, async (context) => {
    const { switchSessionCommand } = await import('../switch-session.js');
    return switchSessionCommand(context, { session: enable.args[0] ?? '', to: 'enabled', now: true });
  });
}

export function addBird(program: Command, register: Register): void {
  const bird = program.command('bird').description('what concerns the BIRD daemon itself');
  const restart = bird
    .command('restart')
    .description('restart BIRD, as after an upgrade of it, without the loss of a route');
  register(restart, async (context) => {
    const { birdRestartCommand } = await import('../bird-restart.js');
    return birdRestartCommand(context);
  });
}
