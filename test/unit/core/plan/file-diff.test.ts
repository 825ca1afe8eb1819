import { describe, expect, it } from 'vitest';
import type { Change } from '../../../../src/core/model/change.js';
import { fileDiff } from '../../../../src/core/plan/file-diff.js';

const path = 'peers/dn42_4242421080.conf';
const node = { owner: { kind: 'node' }, why: '' } as const;
const present = new Map([[path, 'a;\nb;\n  password "old";\nc;\n']]);

function written(content: string, at = path): Change {
  return { ...node, kind: 'write-file', file: { path: at, owner: node.owner, content } };
}

describe('the difference of a file', () => {
  it('is a unified diff', () => {
    expect(fileDiff(written('a;\nb2;\n  password "old";\nc;\n'), present)).toBe(
      [
        `--- ${path}`,
        `+++ ${path}`,
        '@@ -1,4 +1,4 @@',
        ' a;',
        '-b;',
        '+b2;',
        '   # (a line that may contain a secret)',
        ' c;',
      ].join('\n'),
    );
  });

  it('says that a secret differs, and shows none', () => {
    const diff = fileDiff(written('a;\nb;\n  password "new";\nc;\n'), present);
    expect(diff).toContain('-  # (a line that may contain a secret, before)');
    expect(diff).toContain('+  # (a line that may contain a secret, after)');
    expect(diff).not.toMatch(/old|new/);
  });

  it('shows a new file as all new, and one that goes as all gone', () => {
    expect(fileDiff(written('x;\n', 'bird.conf'), present)).toBe(
      '--- /dev/null\n+++ bird.conf\n@@ -0,0 +1,1 @@\n+x;',
    );
    const gone = fileDiff({ ...node, kind: 'remove-file', path }, present);
    expect(gone).toMatch(/^--- peers\/dn42_4242421080\.conf\n\+\+\+ \/dev\/null\n@@ -1,4 \+0,0 @@\n-a;/);
  });

  it('is for files alone', () => {
    expect(fileDiff({ ...node, kind: 'enable-protocol', protocol: 'dn42_1' }, present)).toBeUndefined();
  });
});
