import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { precompile } from '../../../../src/core/render/compile.js';
import { shippedTemplates } from '../../../../src/core/render/shipped-templates.js';
import { type TemplateName, templateNames } from '../../../../src/core/render/templates.js';

interface Build {
  precompile(text: string): string;
  precompiledTemplates(): { load(id: string): { readonly code: string } | null };
}

const file = resolve('.release/precompiled-templates.mjs');
const build: Build = await import(file);

it.each(templateNames)('the build compiles %s as the agent would', async (name: TemplateName) => {
  const text = shippedTemplates[name];
  expect(build.precompile(text)).toBe(await precompile(text));
});

it('all shipped templates are in the program, compiled', () => {
  const code = build.precompiledTemplates().load(resolve('src/core/render/precompiled.ts'))?.code ?? '';
  for (const name of templateNames) {
    expect(code).toContain(`${name}?raw"`);
    expect(code).toContain(build.precompile(shippedTemplates[name]));
  }
});
