import { existsSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { topics } from '../../src/cli/help/topics.js';
import { makeProgram } from '../../src/cli/program/program.js';
import { createMetrics } from '../../src/telemetry/metrics/metrics.js';
import { fullStatus } from '../fakes/full-status.js';
import { documents, read } from './documents.js';
import { labelsByMetric } from './exposition.js';

/** GitHub's name for the place of a heading: small letters, words joined by "-", without punctuation. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)];
  const explicit = [...text.matchAll(/^<a id="([\w-]+)"><\/a>$/gm)].map(([, id = '']) => id);
  return new Set([
    ...explicit,
    ...headings.map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  ]);
}

/** The words in backticks. */
function wordsIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
}

function brokenLinks(path: string): string[] {
  return [...read(path).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].flatMap(
    ([, file = '', anchor]) => {
      const target = file === '' ? path : posix.join(posix.dirname(path), file);
      const isThere = existsSync(target) && (anchor === undefined || anchorsOf(read(target)).has(anchor));
      return isThere ? [] : [`${file}#${anchor}`];
    },
  );
}

describe.each(documents)('%s', (path) => {
  it('names only files that there are', () => {
    const named = [...read(path).matchAll(/`((?:src|test|templates|systemd|docs)\/[\w./-]*\w)\/?`/g)];
    expect(named.map(([, name = '']) => name).filter((name) => !existsSync(name))).toEqual([]);
  });

  it('has no link to what there is not', () => {
    expect(brokenLinks(path)).toEqual([]);
  });
});

describe('docs/interface.md', () => {
  const text = read('docs/interface.md');

  it('has every metric with its labels, and no other', async () => {
    const section = text.split('\n## ').find((each) => each.startsWith('Metrics')) ?? '';
    const rows = section
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => {
        const [, names = '', labels = ''] = line.split('|');
        return wordsIn(names).map((name) => [name, wordsIn(labels).sort().join(',')]);
      });
    const metrics = createMetrics();
    metrics.work.drifted('sessions', [{ field: 'port', count: 1 }]);
    const exposed = [...labelsByMetric(await metrics.text(fullStatus))].map(([name, found]) => [
      name.replace(/^moenet_agent_/, '').replace(/_seconds_(bucket|sum|count)$/, '_seconds'),
      [...found]
        .filter((label) => label !== 'le')
        .sort()
        .join(','),
    ]);
    expect(exposed.length).toBeGreaterThan(50);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(exposed));
  });

  it('has every call of the HTTP API', () => {
    const section = text.split('\n## ').find((each) => each.startsWith('HTTP API')) ?? '';
    const files = readdirSync('src/http').filter((name) => name.endsWith('-routes.ts'));
    const calls = files.flatMap((name) =>
      [...read(`src/http/${name}`).matchAll(/path: '(\/[^':]+)|'(\/\w+)': /g)].map(
        ([, path, tool]) => path ?? tool ?? '',
      ),
    );
    expect(calls).toEqual(expect.arrayContaining(['/ping', '/health/fix', '/peer/']));
    expect(calls.filter((call) => !section.includes(call))).toEqual([]);
  });

  it('has every command and its options', () => {
    const section = text.split('\n## ').find((each) => each.startsWith('Commands\n')) ?? '';
    const program = makeProgram(
      '1',
      () => expect.unreachable(),
      () => undefined,
    );
    const words = [program, ...program.commands].flatMap((command) => [
      ...(command === program ? [] : [command.name()]),
      ...command.options.flatMap(({ long }) => long ?? []),
    ]);
    expect(words).toContain('--topology');
    expect(words.filter((word) => !section.includes(word))).toEqual([]);
  });
});

describe('docs/troubleshooting.md', () => {
  const page = read('docs/troubleshooting.md');
  const headings = [...page.matchAll(/^<a id="([\w-]+)"><\/a>\n\n### `(.+)`$/gm)];
  const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'cli/help/topics.ts')
    .map((name) => read(`src/${name}`).replaceAll("\\'", "'"))
    .join('\n');

  it('has a place for each topic of the program, under its message, and no other', () => {
    expect(page.match(/^### /gm)).toHaveLength(headings.length);
    const places = headings.map(([, topic = '', message = '']) => [topic, message] as const);
    expect(Object.fromEntries(places)).toEqual(topics);
    expect(places).toHaveLength(Object.keys(topics).length);
  });

  it.each(Object.values(topics))('has a message of the program: %s', (message) => {
    for (const part of message.split('…')) expect(source).toContain(part.trim());
  });
});
