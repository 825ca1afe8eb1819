import type { Token } from './tokens.js';

/** Words up to a `;`, or up to the block `{...}` that ends them. */
export interface Statement {
  readonly words: readonly Token[];
  /** What is between the braces; undefined where there are none. */
  readonly block: readonly Token[] | undefined;
}

/** Braces that do not match: the rest of the file cannot be split. */
class UnbalancedError extends Error {
  override readonly name = 'UnbalancedError';
}

// These end with a block, and may contain `;` before it (the variables of an old function).
const declarations = new Set(['protocol', 'template', 'filter', 'function']);

/** Splits the top level of a configuration. Throws `UnbalancedError`. */
export function splitDeclarations(tokens: readonly Token[]): Statement[] {
  return split(tokens, (first) => declarations.has(first.text));
}

/** Splits the inside of a protocol or channel: a block there is followed by a `;`. Throws `UnbalancedError`. */
export function splitStatements(tokens: readonly Token[]): Statement[] {
  return split(tokens, () => false);
}

function split(tokens: readonly Token[], endsWithBlock: (first: Token) => boolean): Statement[] {
  const statements: Statement[] = [];
  for (let at = 0; at < tokens.length; ) {
    const first = tokens[at] as Token;
    if (isSign(first, ';')) {
      at += 1;
      continue;
    }
    const end = endOf(tokens, at, endsWithBlock(first) ? '}' : ';');
    statements.push(toStatement(tokens.slice(at, end)));
    at = end;
  }
  return statements;
}

function toStatement(tokens: readonly Token[]): Statement {
  const words = isSign(tokens.at(-1), ';') ? tokens.slice(0, -1) : tokens;
  const open = words.findIndex((token) => isSign(token, '{'));
  if (open < 0 || !isSign(words.at(-1), '}')) return { words, block: undefined };
  return { words: words.slice(0, open), block: words.slice(open + 1, -1) };
}

/** Behind the `;` that ends the statement from `start`, or the `}` that closes its first `{`. */
function endOf(tokens: readonly Token[], start: number, end: ';' | '}'): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    if (isSign(token, '{')) depth += 1;
    if (isSign(token, '}')) depth -= 1;
    if (depth < 0) break;
    if (depth === 0 && isSign(token, end)) return at + 1;
  }
  throw new UnbalancedError(
    `the statement that begins with "${tokens[start]?.text}" in ${tokens[start]?.path} has no end`,
  );
}

export function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}
