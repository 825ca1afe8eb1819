import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkTemplate } from '../../core/render/fill.js';
import { type TemplateName, type Templates, templateNames } from '../../core/render/templates.js';
import { packageDirectory } from '../../platform/package-directory.js';
import { readProblem, readTextFile } from '../../platform/regular-file.js';

/** A template that cannot be read or does not compile. */
export class TemplateError extends Error {
  readonly file: string;

  constructor(file: string, why: string, cause: unknown) {
    super(`template ${file}: ${why}`, { cause });
    this.name = 'TemplateError';
    this.file = file;
  }
}

const shippedDir = join(packageDirectory, 'templates');

/**
 * Reads the shipped templates. A file in `templatesDir` replaces the one of the same relative name
 * (`bird/policy.conf.hbs`) or else of the same base name (`policy.conf.hbs`). Throws `TemplateError`.
 */
export async function loadTemplates(templatesDir?: string): Promise<Templates> {
  if (templatesDir !== undefined) await requireDirectory(templatesDir);
  const entries = await Promise.all(
    templateNames.map(async (name) => [name, await readTemplate(name, templatesDir)] as const),
  );
  return Object.fromEntries(entries) as Record<TemplateName, string>;
}

async function requireDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch((error: unknown) => {
    throw new TemplateError(directory, 'templatesDir cannot be read', error);
  });
  if (!found.isDirectory()) throw new TemplateError(directory, 'templatesDir is no directory', undefined);
}

async function readTemplate(name: TemplateName, templatesDir: string | undefined): Promise<string> {
  const own =
    templatesDir === undefined ? [] : [join(templatesDir, name), join(templatesDir, basename(name))];
  const shipped = join(shippedDir, name);
  for (const file of [...own, shipped]) {
    const text = await readIfPresent(file);
    if (text === undefined) continue;
    requireCompiling(file, text);
    return text;
  }
  throw new TemplateError(shipped, 'is missing from the installation', undefined);
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    // BIRD takes neither a byte order mark nor carriage returns, which some editors leave.
    return (await readTextFile(file)).text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new TemplateError(file, readProblem(error), error);
  }
}

function requireCompiling(file: string, text: string): void {
  try {
    checkTemplate(text);
  } catch (error) {
    throw new TemplateError(file, error instanceof Error ? error.message : String(error), error);
  }
}
