import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { wordsOf } from '../../core/model/words-of.js';
import { precompile, prepare } from '../../core/render/compile.js';
import { shippedTemplates } from '../../core/render/shipped-templates.js';
import { type Templates, templateNames } from '../../core/render/templates.js';
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

/** Those of an operator's, which replace the shipped ones of the same name. */
export type OwnTemplates = Partial<Templates>;

/** The shipped templates, with `own` in the place of some. */
export async function loadTemplates(own: OwnTemplates = {}): Promise<Templates> {
  const templates = { ...shippedTemplates, ...own };
  await prepare(templates);
  return templates;
}

/**
 * Reads the templates in an operator's directory: a file of the relative name of a shipped one
 * (`bird/policy.conf.hbs`) or else of the same base name (`policy.conf.hbs`). Throws `TemplateError`.
 */
export async function readOwnTemplates(directory: string): Promise<OwnTemplates> {
  await requireDirectory(directory);
  const entries = await Promise.all(
    templateNames.map(async (name) => {
      const text =
        (await readIfPresent(join(directory, name))) ??
        (await readIfPresent(join(directory, basename(name))));
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
  return Object.fromEntries(entries.flat());
}

async function requireDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch((error: unknown) => {
    throw new TemplateError(directory, 'templatesDir cannot be read', error);
  });
  if (!found.isDirectory()) throw new TemplateError(directory, 'templatesDir is not a directory', undefined);
}

async function readIfPresent(file: string): Promise<string | undefined> {
  const text = await readText(file);
  if (text !== undefined) await requireCompiling(file, text);
  return text;
}

async function readText(file: string): Promise<string | undefined> {
  try {
    // BIRD takes neither a byte order mark nor carriage returns, which some editors leave.
    return (await readTextFile(file)).text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new TemplateError(file, readProblem(error), error);
  }
}

async function requireCompiling(file: string, text: string): Promise<void> {
  try {
    await precompile(text);
  } catch (error) {
    throw new TemplateError(file, wordsOf(error), error);
  }
}
