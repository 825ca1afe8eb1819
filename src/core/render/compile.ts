import type HandlebarsCompiler from 'handlebars';
import Handlebars from 'handlebars/runtime.js';
import { precompiled } from './precompiled.js';
import type { Templates } from './templates.js';

type Compiler = typeof HandlebarsCompiler;

// Templates are plain text. They must not use `with`, `lookup` and `log` (which would print a private key).
const knownHelpers = { with: false, lookup: false, log: false };
const options = { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers } as const;
const closed = { allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false } as const;

// Its types lack what it exports.
const runtime = (Handlebars as unknown as Pick<Compiler, 'create'>).create();
let compiler: Compiler | undefined;

/**
 * Loads Handlebars' compiler where one of the templates needs it: an operator's own does, and the shipped ones were compiled when the
 * program was built. To load it and to compile them took a fifth of the first pass.
 */
export async function prepare(templates: Templates): Promise<void> {
  if (Object.values(templates).some((text) => !precompiled.has(text))) await loadCompiler();
}

async function loadCompiler(): Promise<Compiler> {
  compiler ??= (await import('handlebars')).default.create();
  return compiler;
}

/** What fills a template with the values of a view. `prepare` has seen the template. */
export function compile(text: string): (view: object) => string {
  const template = templateOf(text);
  return (view) => template(view, closed);
}

function templateOf(text: string): HandlebarsTemplateDelegate {
  const specification = precompiled.get(text);
  if (specification !== undefined) return runtime.template(specification);
  if (compiler === undefined) throw new Error('the compiler of templates is not loaded');
  return compiler.compile(text, options);
}

/** The template as JavaScript. Rejects, with the place in the text, where it does not compile. */
export async function precompile(text: string): Promise<string> {
  return String((await loadCompiler()).precompile(text, options));
}
