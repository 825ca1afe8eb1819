import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { withBird } from '../../adapters/bird/socket/with-bird.js';
import { readTextFile } from '../../platform/regular-file.js';
import { partOf } from '../part-of.js';
import type { Part, Source } from '../source.js';

const mostFiles = 500;
// The agent's files, the operator's, the copies of what was replaced, and what is on trial.
const configuration = /\.conf(?:\.orig)?(?:\.\d+)?$/;

/** The files of BIRD's directory. A link in it may lead to a file that nobody may see. */
export const birdFiles: Source = {
  name: 'bird/files',
  limitMs: 20_000,
  collect: async ({ paths: { birdDir } }) => {
    const entries = await readdir(birdDir, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile() && configuration.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    const parts: Part[] = [];
    for (const path of paths.slice(0, mostFiles))
      parts.push(
        await partOf(`bird/files/${relative(birdDir, path)}`, () =>
          readTextFile(path, { links: 'refuse', maxBytes: 16 * 1024 * 1024 }).then(({ text }) => ({ text })),
        ),
      );
    const left = paths.length - parts.length;
    return left === 0 ? parts : [...parts, { file: 'bird/files', missing: `${left} more files` }];
  },
};

const questions = { status: 'show status', protocols: 'show protocols all', memory: 'show memory' };

/** What BIRD answers on a connection that can change nothing. */
export const birdAnswers: Source = {
  name: 'bird',
  limitMs: 30_000,
  collect: ({ paths: { birdSocket } }, signal) =>
    withBird(
      { controlSocket: birdSocket, connectTimeoutMs: 5_000, replyTimeoutMs: 10_000 },
      signal,
      async (bird) => {
        const { code } = await bird.ask('restrict', signal);
        if (code !== '0016') throw new Error('BIRD does not restrict the session');
        const parts: Part[] = [];
        for (const [name, question] of Object.entries(questions)) {
          const { lines } = await bird.ask(question, signal);
          parts.push({ file: `bird/${name}.txt`, text: lines.map(({ text }) => `${text}\n`).join('') });
        }
        return parts;
      },
    ),
};
