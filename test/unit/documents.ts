import { readdirSync, readFileSync } from 'node:fs';

/** The documents that people read, by their paths in the repository. */
export const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync('docs', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.png'))
    .map(({ parentPath, name }) => `${parentPath}/${name}`),
];

export const read = (path: string) => readFileSync(path, 'utf8');
