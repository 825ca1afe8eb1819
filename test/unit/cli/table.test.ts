import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type Column, renderTable, wrap, wrapBeside, wrapLine } from '../../../src/cli/terminal/table.js';

const columns: readonly Column[] = [
  { title: 'NAME', rank: 0 },
  { title: 'IN', rank: 0, align: 'right' },
];
const plain = (_: unknown, text: string) => text;
const table = (names: readonly string[], width: number) =>
  renderTable(
    columns,
    names.map((text) => ({ cells: [{ text }, { text: '7' }] })),
    width,
    plain,
  );

describe('a table', () => {
  it('is aligned whatever the width of its characters', () => {
    expect(table(['tokyo', '東京', 'a🇯🇵', 'e\u0301t\u00e9', '👍🏽'], 80)).toEqual([
      'NAME   IN',
      'tokyo   7',
      '東京    7',
      'a🇯🇵     7',
      'e\u0301t\u00e9     7',
      '👍🏽      7',
    ]);
  });

  it('cuts a text between characters, and stays aligned', () => {
    expect(table(['北海道札幌市', 'plain text here'], 11)).toEqual([
      'NAME     IN',
      '北海..    7',
      'plain..   7',
    ]);
    expect(table(['👩🏽👩🏽👩🏽👩🏽'], 10)).toEqual(['NAME    IN', '👩🏽👩🏽..   7']);
  });
});

it('a narrow table leaves out columns of one rank together', () => {
  const three: readonly Column[] = [
    { title: 'NAME', rank: 0 },
    { title: 'RX', rank: 1 },
    { title: 'TX', rank: 1 },
  ];
  const rows = [{ cells: [{ text: 'tokyo' }, { text: '7 kB' }, { text: '9 kB' }] }];
  expect(renderTable(three, rows, 17, plain)).toEqual(['NAME   RX    TX', 'tokyo  7 kB  9 kB']);
  expect(renderTable(three, rows, 16, plain)).toEqual(['NAME', 'tokyo']);
});

describe('a text', () => {
  it('is wrapped between words, each line after its indentation', () => {
    expect(wrap('one two three', 9, '  ')).toEqual(['  one two', '  three']);
  });

  it('of wide characters without spaces stays within the width', () => {
    const lines = wrap('東京都千代田区永田町', 11, '    ');
    expect(lines).toEqual(['    東京都', '    千代田', '    区永田', '    町']);
    expect(lines.every((line) => stringWidth(line) <= 11)).toBe(true);
  });

  it('is one line where there is no width', () => {
    expect(wrap('one two three', Number.POSITIVE_INFINITY, '  ')).toEqual(['  one two three']);
  });

  it('goes on two columns further in than its first line', () => {
    expect(wrapLine('  tunnel wg_24001: removed', 20)).toEqual(['  tunnel wg_24001:', '    removed']);
    expect(wrapLine('', 18)).toEqual(['']);
  });

  it('stands beside its label, and below it where there is no room', () => {
    const label = '\u001b[31mfault    \u001b[39m';
    const words = 'the tunnel has no handshake';
    expect(wrapBeside(label, words, 33)).toEqual([`${label}the tunnel has no`, '         handshake']);
    expect(wrapBeside(label, words, 32)).toEqual([label, '    the tunnel has no handshake']);
    expect(wrapBeside('  port  ', '24001', 14)).toEqual(['  port  24001']);
  });
});
