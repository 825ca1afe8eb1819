import { Argument, type Command } from 'commander';
import { templateNames } from '../../core/render/templates.js';
import { pageNames, schemaNames, shells } from './choices.js';
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

export function addCompletion(program: Command, register: Register): void {
  const completion = program
    .command('completion')
    .description('print what lets a shell complete the commands and options of this program')
    .addArgument(new Argument('<shell>', 'which one').choices(shells));
  register(completion, async ({ io }) => {
    const { completionCommand } = await import('../completion/completion.js');
    return completionCommand(io, completion.processedArgs[0], program);
  });
}

export function addManual(program: Command, register: Register): void {
  const manual = program
    .command('manual')
    .description("print a manual page, for 'man -l -'")
    .addArgument(new Argument('<page>', 'which one').choices(pageNames));
  register(manual, async (context) => {
    const { manualCommand } = await import('../manual/manual.js');
    return manualCommand(context, manual.processedArgs[0], program);
  });
}

export function addSchema(program: Command, register: Register): void {
  const schema = program
    .command('schema')
    .description('print the JSON Schema of what a command prints with --json')
    .addArgument(new Argument('<command>', 'which one').choices(schemaNames));
  register(schema, async (context) => {
    const { schemaCommand } = await import('../schema/schema.js');
    return schemaCommand(context, schema.processedArgs[0]);
  });
}
