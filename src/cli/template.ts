import { shippedTemplates } from '../core/render/shipped-templates.js';
import { type TemplateName, templateNames } from '../core/render/templates.js';
import type { Context } from './commands.js';
import { toJson } from './terminal/text.js';

/** `moenet-agent template [NAME]`: the names of the built-in templates, or the text of one. */
export function templateCommand({ io, json }: Context, name: TemplateName | undefined): number {
  const names = templateNames.toSorted();
  if (json) io.stdout.write(toJson(name === undefined ? names : { name, text: shippedTemplates[name] }));
  else io.stdout.write(name === undefined ? `${names.join('\n')}\n` : shippedTemplates[name]);
  return 0;
}
