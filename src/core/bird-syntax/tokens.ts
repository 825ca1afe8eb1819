/** A piece of BIRD's configuration and the file it came from: a file that includes others is several pieces. */
export interface SourcePiece {
  /** Relative to `bird.configDir` where it lies below it, else absolute. */
  readonly path: string;
  readonly text: string;
}

/** A word of BIRD's language. `text` is without quotes. */
export interface Token {
  readonly kind: 'string' | 'symbol' | 'number' | 'address' | 'sign';
  readonly text: string;
  readonly path: string;
}

// BIRD's cf-lex.l: comments; strings, which have no escapes; quoted symbols; addresses; numbers; symbols; signs.
const pattern = new RegExp(
  [
    String.raw`(?<comment>#[^\n]*|/\*[\s\S]*?\*/)`,
    String.raw`"(?<string>[^"\n]*)"`,
    `'(?<quoted>[A-Za-z0-9_.:-]+)'`,
    String.raw`(?<ipv4>\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?![\w.])`,
    String.raw`(?<ipv6>(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9A-Fa-f]{0,4}))(?![\w:])`,
    String.raw`(?<number>\d+)(?!\w)`,
    `(?<symbol>[A-Za-z_][A-Za-z0-9_]*)`,
    String.raw`(?<space>\s+)`,
    String.raw`(?<sign>[\s\S])`,
  ].join('|'),
  'gu',
);

/** The words of a configuration, without comments. Never fails: any other character is a sign. */
export function tokenize(source: readonly SourcePiece[]): Token[] {
  return source.flatMap(({ path, text }) =>
    Array.from(text.matchAll(pattern), ({ groups = {} }) => toToken(groups, path)).filter(
      (token) => token !== undefined,
    ),
  );
}

function toToken(groups: Readonly<Record<string, string | undefined>>, path: string): Token | undefined {
  const { string, quoted, ipv4, ipv6, number, symbol, sign } = groups;
  if (string !== undefined) return { kind: 'string', text: string, path };
  if (quoted !== undefined) return { kind: 'symbol', text: quoted, path };
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, path };
  if (number !== undefined) return { kind: 'number', text: number, path };
  const address = ipv4 ?? ipv6;
  if (address !== undefined) return { kind: 'address', text: address, path };
  return sign === undefined ? undefined : { kind: 'sign', text: sign, path };
}
