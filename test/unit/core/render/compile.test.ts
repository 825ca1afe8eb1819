import { expect, it } from 'vitest';
import { precompile } from '../../../../src/core/render/compile.js';

it.each(['', 'plain', '{{name}}', '{{#if a}}b{{/if}}'])('%j is a template', async (text) => {
  await expect(precompile(text)).resolves.toContain('compiler');
});

it.each(['{{name', '{{#if a}}b', '{{#each a}}{{/if}}', '{{log a}}x{{/log}}'])('%j is none', async (text) => {
  await expect(precompile(text)).rejects.toThrow();
});
