import fc from 'fast-check';

// What ends a string, a comment, a line or a block in BIRD or in a template, and what deceives a reader.
const pieces = [
  ...['"', "'", '\\', ';', '}', '{', '#', '/*', '*/', '//', '{{asn}}', '{{#if', '$asn', '`', '%'],
  ...[
    '\n',
    '\r',
    '\t',
    '\v',
    '\0',
    '\u001b',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u2029',
    '\ufeff',
    '\u202e',
    '\ud800',
  ],
  ...['protocol static x { ipv4; }', 'define MOENET_AS = 1;', 'accept;', 'include "/etc/passwd";', ' ', 'a'],
];

/** Any text: all of Unicode with lone surrogates, or mostly what could end something; now and then a very long one. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(...pieces), maxLength: 40 }),
  fc
    .tuple(fc.constantFrom(...pieces), fc.constantFrom(1, 10_000))
    .map(([piece, count]) => piece.repeat(count)),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'all', 'default', 'none', '0', '1e999', 'null'),
);

/** Any text that is no word, number, address, host or list of such: nothing but free text may be this. */
export const noWord: fc.Arbitrary<string> = anyText.filter((text) => /[^\w\s.:,/%+@[\]-]/.test(text));
