import type { BirdFile } from '../model/artifacts.js';
import { roaFiles } from '../model/names.js';
import { formatMark } from '../model/owner.js';
import type { SavedRoas } from '../model/saved-roas.js';
import type { Family } from '../model/values/family.js';

const owner = { kind: 'node' } as const;

/** The file with the saved ROAs of a family. The agent reads it back, so its text is no template that an operator may change. */
export function roaFile(family: Family, saved: SavedRoas): BirdFile {
  const time = new Date(saved.atSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  const head = [
    `# ${formatMark(owner)}`,
    '# Made by moenet-agent, which undoes edits: ROAs for the time when no RPKI cache answers.',
    `# Saved at ${time}.`,
    '',
  ];
  const routes = saved[family].map((roa) => `route ${roa};`);
  return { path: roaFiles[family], owner, content: `${[...head, ...routes].join('\n')}\n` };
}
