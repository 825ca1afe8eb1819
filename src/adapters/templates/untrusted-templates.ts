import { basename, dirname, join } from 'node:path';
import { templateNames } from '../../core/render/templates.js';
import { whyUntrusted } from '../../platform/trusted-path.js';

/**
 * Why the templates in an operator's directory are not to be used, with the command that helps: one sentence for each directory and
 * file there that others could change, for BIRD runs what they say. Empty where only root and this process's user can.
 */
export async function untrustedTemplates(directory: string): Promise<string[]> {
  const files = templateNames.flatMap((name) => [join(directory, name), join(directory, basename(name))]);
  const paths = new Set([directory, ...files.map((file) => dirname(file)), ...files]);
  const found = await Promise.all([...paths].map(whyUntrusted));
  return [...new Set(found.flatMap((why) => why ?? []))];
}
