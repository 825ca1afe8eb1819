import { basename, dirname, join } from 'node:path';
import { templateNames } from '../core/render/templates.js';
import { whyUntrusted } from '../platform/trusted-path.js';
import type { ConfigProblem } from './config-error.js';

/** A problem for the directory of templates and each file in it that others could change: BIRD runs what they say. */
export async function untrustedTemplates(directory: string | undefined): Promise<ConfigProblem[]> {
  if (directory === undefined) return [];
  const files = templateNames.flatMap((name) => [join(directory, name), join(directory, basename(name))]);
  const paths = new Set([directory, ...files.map((file) => dirname(file)), ...files]);
  const found = await Promise.all([...paths].map(whyUntrusted));
  return [...new Set(found.flatMap((why) => why ?? []))].map((why) => ({
    path: 'templatesDir',
    message: `no template is used, because others could change them: ${why}`,
  }));
}
