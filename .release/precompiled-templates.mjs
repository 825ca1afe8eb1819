import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';

const root = join(import.meta.dirname, '..');

// Those of src/core/render/compile.ts; test/unit/core/render/precompiled.test.ts compares the results.
const knownHelpers = { with: false, lookup: false, log: false };
const options = { strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers };

/** The template as JavaScript. */
export const precompile = (text) => String(Handlebars.precompile(text, options));

/** Puts the shipped templates into the program as JavaScript, so that it does not load the compiler. */
export function precompiledTemplates() {
  return {
    name: 'precompiled-templates',
    load(id) {
      if (id !== join(root, 'src/core/render/precompiled.ts')) return null;
      const list = readFileSync(join(root, 'src/core/render/shipped-templates.ts'), 'utf8');
      const files = [...list.matchAll(/from '(.*\.hbs)\?raw'/g)].map(([, file]) =>
        join(root, 'src/core/render', file),
      );
      const imports = files.map(
        (file, index) => `import text${index} from ${JSON.stringify(`${file}?raw`)};`,
      );
      const entries = files.map(
        (file, index) => `[text${index}, ${precompile(readFileSync(file, 'utf8'))}],`,
      );
      const code = `${imports.join('\n')}\nexport const precompiled = new Map([\n${entries.join('\n')}\n]);`;
      return { code, moduleType: 'js' };
    },
  };
}
