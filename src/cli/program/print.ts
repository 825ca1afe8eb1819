import { Argument, type Command } from 'commander';
import { templateNames } from '../../core/render/templates.js';
import type { Register } from './register.js';

export function addTemplate(program: Command, register: Register): void {
  const template = program
    .command('template')
    .description('print a built-in template, to start one of your own from; without a name, list them')
    .addArgument(new Argument('[name]', 'which one, such as bird/peer.conf.hbs').choices(templateNames));
  register(template, async (context) => {
    const { templateCommand } = await import('../template.js');
    return templateCommand(context, template.processedArgs[0]);
  });
}
