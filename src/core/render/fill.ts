import { wordsOf } from '../model/words-of.js';
import { compile } from './compile.js';
import type { TemplateName, Templates } from './templates.js';

/** The values of a template: flat, and already validated or made safe. */
export interface View {
  readonly [name: string]: string | number | boolean | undefined | readonly string[] | readonly View[];
}

type Filler = (view: object) => string;

// Compiling is slower than filling, and one template serves a thousand peers in every pass.
const compiled = new WeakMap<Templates, Map<TemplateName, Filler>>();

/**
 * Fills a template with values. Throws an error that names the template where it does not compile or uses an unknown
 * value.
 */
export function fill(templates: Templates, name: TemplateName, view: View): string {
  try {
    return fillerOf(templates, name)(strictView(view));
  } catch (error) {
    throw new Error(`template ${name}: ${wordsOf(error)}`, { cause: error });
  }
}

function fillerOf(templates: Templates, name: TemplateName): Filler {
  const fillers = compiled.get(templates) ?? new Map<TemplateName, Filler>();
  compiled.set(templates, fillers);
  const filler = fillers.get(name) ?? compile(templates[name]);
  fillers.set(name, filler);
  return filler;
}

/** Handlebars' strict mode lets `{{#if unknown}}` pass as false; a misspelt condition must not drop a statement. */
function strictView(view: View): View {
  const known = (name: string | symbol) => {
    if (typeof name === 'string' && !Object.hasOwn(view, name))
      throw new Error(`there is no value "${name}"`);
  };
  return new Proxy(view, {
    has: (_, name) => {
      known(name);
      return true;
    },
    get: (_, name) => {
      known(name);
      const value = typeof name === 'string' ? view[name] : undefined;
      return Array.isArray(value)
        ? value.map((item) => (typeof item === 'object' ? strictView(item) : item))
        : value;
    },
  });
}
