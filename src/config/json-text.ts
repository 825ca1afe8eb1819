/** JSON text that is none. `message` has line and column, and nothing of the text, which may hold a token. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

/** Parses JSON (RFC 8259; a byte order mark is skipped). Throws `JsonSyntaxError` with line and column. */
export function parseJsonText(source: string): unknown {
  const text = source.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch {
    // V8's own message quotes the text, differs between versions and often lacks the position.
    throw new JsonSyntaxError(describe(text, locate(text)));
  }
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'the text ends too early'],
  [/^\/[/*]|^#/, 'comments are not allowed in JSON'],
  [/^'/, 'text stands between double quotes in JSON'],
  [/^[\]}]/, 'this bracket is not expected here (a comma before it, or a value missing?)'],
  [/^"/, 'a comma or colon is missing before this, or the text has no closing quote'],
];

function describe(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  const hint = hints.find(([pattern]) => pattern.test(text.slice(offset, offset + 2)))?.[1];
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: not JSON: ${hint ?? 'this is not expected here'}`;
}

const scalar =
  /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;
const space = /[ \t\r\n]*/y;

type State = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'after' | 'end';

/** The offset of the first token that cannot stand where it does. */
function locate(text: string): number {
  const open: ('{' | '[')[] = [];
  let state: State = 'value';
  let offset = 0;
  while (true) {
    offset += match(space, text, offset);
    const token = text[offset] ?? '';
    const next = step(state, token, open);
    if (next) {
      state = next;
      offset += 1;
      continue;
    }
    const length = takesScalar(state, token) ? match(scalar, text, offset) : 0;
    if (length === 0) return offset;
    offset += length;
    state = state.startsWith('key') ? ':' : open.length > 0 ? 'after' : 'end';
  }
}

function match(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0].length ?? 0;
}

function takesScalar(state: State, token: string): boolean {
  return state.startsWith('key') ? token === '"' : state.startsWith('value');
}

/** The state after a bracket, colon or comma; undefined where `token` is none that may stand here. */
function step(state: State, token: string, open: ('{' | '[')[]): State | undefined {
  if (state.startsWith('value') && (token === '{' || token === '[')) {
    open.push(token);
    return token === '{' ? 'key or }' : 'value or ]';
  }
  const inside = open.at(-1);
  const closes =
    (token === '}' && inside === '{' && (state === 'after' || state === 'key or }')) ||
    (token === ']' && inside === '[' && (state === 'after' || state === 'value or ]'));
  if (closes) {
    open.pop();
    return open.length > 0 ? 'after' : 'end';
  }
  if (state === ':' && token === ':') return 'value';
  if (state === 'after' && token === ',') return inside === '{' ? 'key' : 'value';
  return undefined;
}
