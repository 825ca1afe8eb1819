import { type ParseError, parse } from 'jsonc-parser';

/** JSON text that is none. `problems` have line and column, and nothing of the text, which may hold a token. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

/** Parses JSON (RFC 8259; a byte order mark is skipped). Throws `JsonSyntaxError` with all places that are wrong. */
export function parseJsonText(source: string): unknown {
  const text = source.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch {
    // V8's own message quotes the text, differs between versions and often lacks the position.
    throw new JsonSyntaxError(findProblems(text));
  }
}

const mostProblems = 10;
/** The parser that finds the places calls itself for each bracket, and would exhaust the stack. */
const mostBrackets = 1_000;

/** One for each line with a mistake: what follows on the same line mostly follows from the first. */
function findProblems(text: string): readonly string[] {
  if ((text.match(/[[{]/g)?.length ?? 0) > mostBrackets)
    return [`not JSON; the agent does not look for the place among more than ${mostBrackets} brackets`];
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const lines = new Map<number, string>();
  for (const { offset } of errors.sort((a, b) => a.offset - b.offset)) {
    const before = text.slice(0, offset).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    if (lines.has(before.length)) continue;
    lines.set(before.length, `line ${before.length}, column ${column}: not JSON: ${hintAt(text, offset)}`);
  }
  return [...lines.values()].slice(0, mostProblems);
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'the text ends too early'],
  [/^\/[/*]|^#/, 'comments are not allowed in JSON'],
  [/^'/, 'text stands between double quotes in JSON'],
  [/^[\]}]/, 'this bracket is not expected here (a comma before it, or a value missing?)'],
  [/^"/, 'a comma or colon is missing before this, or the text has no closing quote'],
];

function hintAt(text: string, offset: number): string {
  const hint = hints.find(([pattern]) => pattern.test(text.slice(offset, offset + 2)))?.[1];
  return hint ?? 'this is not expected here';
}
