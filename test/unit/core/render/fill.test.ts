import { expect, it } from 'vitest';
import { checkTemplate } from '../../../../src/core/render/fill.js';

it.each(['', 'plain', '{{name}}', '{{#if a}}b{{/if}}'])('%j is a template', (text) => {
  expect(() => checkTemplate(text)).not.toThrow();
});

it.each(['{{name', '{{#if a}}b', '{{#each a}}{{/if}}', '{{log a}}x{{/log}}'])('%j is none', (text) => {
  expect(() => checkTemplate(text)).toThrow();
});
