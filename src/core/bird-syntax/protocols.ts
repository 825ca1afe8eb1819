import type { Statement } from './statements.js';
import type { Token } from './tokens.js';

/** A protocol with the name that BIRD gives it: `device1` is the first of those that have none of their own. */
export interface NamedProtocol {
  readonly type: string;
  readonly name: string;
  readonly path: string;
  /** The template that it is based on. */
  readonly from: string | undefined;
  readonly block: readonly Token[];
}

/** All protocols, in their order. */
export function nameProtocols(statements: readonly Statement[]): NamedProtocol[] {
  const counts = new Map<string, number>();
  return statements.flatMap(({ words, block }) => {
    const [keyword, type, ...rest] = words;
    if (keyword?.text !== 'protocol' || !type || !block) return [];
    const { name, from } = nameAndTemplate(rest);
    if (name !== undefined) return [{ type: type.text, name, from, path: keyword.path, block }];
    const count = (counts.get(type.text) ?? 0) + 1;
    counts.set(type.text, count);
    return [{ type: type.text, name: `${type.text}${count}`, from, path: keyword.path, block }];
  });
}

/** Of `NAME from TEMPLATE`, either of which may be left out. */
export function nameAndTemplate(words: readonly Token[]): {
  name: string | undefined;
  from: string | undefined;
} {
  const at = words.findIndex(({ text }) => text === 'from');
  return { name: at === 0 ? undefined : words[0]?.text, from: at < 0 ? undefined : words[at + 1]?.text };
}
