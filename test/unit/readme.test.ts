import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documents, read } from './documents.js';

const readme = read('README.md');
const promises = documents.flatMap((path) => [...read(path).matchAll(/`(test\/\S+\.test\.ts)`: “([^”]+)”/g)]);

it('the README names a test for each of its guarantees', () => {
  const guarantees = readme.split('## What it guarantees\n')[1]?.split('\n## ')[0] ?? '';
  const items = guarantees.split('\n- ').slice(1);
  expect(items.length).toBeGreaterThan(10);
  for (const item of items) expect(item).toMatch(/`test\/\S+\.test\.ts`: “/);
});

it.each(promises.map(([, file = '', title = '']) => [title, file]))('“%s” is in %s', (title, file) => {
  expect(readFileSync(file, 'utf8')).toContain(title);
});
