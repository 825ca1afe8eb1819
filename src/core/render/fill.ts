import Handlebars from 'handlebars';
import { wordsOf } from '../model/words-of.js';
import type { TemplateName, Templates } from './templates.js';

/** The values of a template: flat, and already validated or made safe. */
export interface View {
  readonly [name: string]: string | number | boolean | undefined | readonly string[] | readonly View[];
}

type Filler = (view: View) => string;

// Templates are plain text. They must not use `with`, `lookup` and `log` (which would print a private key).
const knownHelpers = { with: false, lookup: false, log: false };
const options = { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers } as const;
const closed = { allowProtoMethodsByDefault: false, allowProtoPropertiesByDefault: false } as const;

const handlebars = Handlebars.create();

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

/** Throws, with the place in the text, where a template does not compile. */
export function checkTemplate(text: string): void {
  handlebars.precompile(text, options);
}

function fillerOf(templates: Templates, name: TemplateName): Filler {
  const fillers = compiled.get(templates) ?? new Map<TemplateName, Filler>();
  compiled.set(templates, fillers);
  const filler = fillers.get(name) ?? compile(templates[name]);
  fillers.set(name, filler);
  return filler;
}

function compile(text: string): Filler {
  const template = handlebars.compile<View>(text, options);
  return (view) => template(view, closed);
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
