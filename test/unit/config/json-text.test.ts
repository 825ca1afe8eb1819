import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonSyntaxError, parseJsonText } from '../../../src/config/json-text.js';

describe('parseJsonText', () => {
  it('parses whatever JSON.parse does, and skips a byte order mark', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseJsonText(`\uFEFF${JSON.stringify(value)}`)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    ['', 'line 1, column 1: not JSON: the text ends too early'],
    ['{"a": 1,\n}', 'line 2, column 1: not JSON: unexpected bracket'],
    ['{"a": 1\n "b": 2}', 'line 2, column 2: not JSON: a comma or colon is missing before this'],
    ['{\n  // note\n}', 'line 2, column 3: not JSON: comments are not allowed'],
    ["{'a': 1}", 'line 1, column 2: not JSON: JSON needs double quotes around text'],
    ['{"a": tru}', 'line 1, column 7: not JSON: unexpected here'],
    ['{"a": [1, 2}', 'line 1, column 12: not JSON: unexpected bracket'],
    ['{"a": 1', 'line 1, column 8: not JSON: the text ends too early'],
    [
      '{"a": "x',
      'line 1, column 7: not JSON: a comma or colon is missing before this, or the text has no closing',
    ],
    ['{} {}', 'line 1, column 4: not JSON: unexpected here'],
    ['[1 2]', 'line 1, column 4'],
    ['{"a" 1}', 'line 1, column 6'],
    ['{"a": 01}', 'line 1, column 8'],
    ['{"a": "\t"}', 'line 1, column 7'],
  ])('finds where %j stops being JSON', (text, message) => {
    expect(() => parseJsonText(text)).toThrow(message);
  });

  it('finds all mistakes at once, the first of each line', () => {
    const text = '{\n  "a": tru,\n  "b": [1,],\n  "c" 5,\n  "d": 6\n}';
    expect(() => parseJsonText(text)).toThrow(
      expect.objectContaining({
        problems: [
          'line 2, column 8: not JSON: unexpected here',
          'line 3, column 11: not JSON: unexpected bracket (is a comma or a value missing before it?)',
          'line 4, column 7: not JSON: unexpected here',
        ],
      }),
    );
  });

  it('looks for no place among brackets without end', () => {
    expect(() => parseJsonText('['.repeat(50_000))).toThrow(
      'not JSON; with more than 1000 brackets the agent does not search for the place',
    );
  });

  it('names no more than ten mistakes', () => {
    try {
      parseJsonText(`[\n${'x,\n'.repeat(100)}]`);
      expect.unreachable();
    } catch (error) {
      expect((error as JsonSyntaxError).problems).toHaveLength(10);
    }
  });

  it('ends with a position inside the text, whatever the text', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ \n1e-.truefalsn/u0') });
    fc.assert(
      fc.property(hostile, (text) => {
        try {
          parseJsonText(text);
        } catch (error) {
          expect(error).toBeInstanceOf(JsonSyntaxError);
          expect((error as Error).message).toMatch(/^line \d+, column \d+: not JSON: /);
        }
      }),
    );
  });
});
