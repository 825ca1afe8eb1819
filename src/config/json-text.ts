import { type ParseError, parse } from 'jsonc-parser';

/** The text is not JSON. `problems` have line and column, but no text of the file, which may hold a token. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

/** Parses JSON (RFC 8259; skips a byte order mark). Throws `JsonSyntaxError` with every faulty place. */
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
/** The parser that finds the places recurses for each bracket; more would exhaust the stack. */
const mostBrackets = 1_000;

/** One per line: later mistakes of a line mostly follow from the first. */
function findProblems(text: string): readonly string[] {
  if ((text.match(/[[{]/g)?.length ?? 0) > mostBrackets)
    return [`not JSON; with more than ${mostBrackets} brackets the agent does not search for the place`];
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
  [/^'/, 'JSON needs double quotes around text'],
  [/^[\]}]/, 'unexpected bracket (is a comma or a value missing before it?)'],
  [/^"/, 'a comma or colon is missing before this, or the text has no closing quote'],
];

function hintAt(text: string, offset: number): string {
  const hint = hints.find(([pattern]) => pattern.test(text.slice(offset, offset + 2)))?.[1];
  return hint ?? 'unexpected here';
}
