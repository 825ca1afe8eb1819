import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { Change } from '../model/change.js';
import { mayHoldSecret } from './text-change.js';

const contextLines = 3;

/**
 * What a change does to a BIRD file, as a unified diff (diffutils' manual, "Unified Format"); undefined for other changes.
 * `present` are the files before: path → text. Lines that may hold a secret show only that they are there, or differ.
 */
export function fileDiff(change: Change, present: ReadonlyMap<string, string>): string | undefined {
  if (change.kind !== 'write-file' && change.kind !== 'remove-file') return undefined;
  const path = change.kind === 'write-file' ? change.file.path : change.path;
  const before = present.get(path);
  const after = change.kind === 'write-file' ? change.file.content : undefined;
  const [was, is] = withoutSecrets(before ?? '', after ?? '');
  const [from, to] = [before === undefined ? '/dev/null' : path, after === undefined ? '/dev/null' : path];
  return createTwoFilesPatch(from, to, was, is, undefined, undefined, {
    context: contextLines,
    headerOptions: FILE_HEADERS_ONLY,
  }).trimEnd();
}

/** Both texts with their secret lines replaced: alike where these are the same, and different where they differ. */
function withoutSecrets(before: string, after: string): readonly [string, string] {
  const [was, is] = [before.split('\n'), after.split('\n')];
  const hide = (lines: readonly string[], others: ReadonlySet<string>, when: string) =>
    lines
      .map((line) => {
        if (!mayHoldSecret(line)) return line;
        const indent = /^\s*/.exec(line)?.[0] ?? '';
        return `${indent}# (a line that may contain a secret${others.has(line) ? '' : `, ${when}`})`;
      })
      .join('\n');
  return [hide(was, new Set(is), 'before'), hide(is, new Set(was), 'after')];
}
