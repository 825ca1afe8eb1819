import { nameProtocols } from '../bird-syntax/protocols.js';
import { isSign, type Statement, splitDeclarations, splitStatements } from '../bird-syntax/statements.js';
import { tokenize } from '../bird-syntax/tokens.js';
import type { BirdFile, NodeProtocol } from '../model/artifacts.js';
import type { Family } from '../model/values/family.js';
import { lackOf } from './protocol-lack.js';

/**
 * The protocols of the node's own files: device, kernel, direct, static, Babel, RPKI, iBGP, and those that an operator's
 * templates add. They are read from the rendered text, because a template may give them any name; without those that are
 * `disabled` there or in their BIRD template. Sorted in the order in which the agent enables them.
 */
export function nodeProtocols(files: readonly BirdFile[]): NodeProtocol[] {
  const own = files.filter(({ owner }) => owner.kind !== 'session');
  const owners = new Map(own.map(({ path, owner }) => [path, owner]));
  const templates = disabledTemplates(own);
  const declared = own.flatMap((file) => declarationsIn(file).protocol);
  return nameProtocols(declared)
    .flatMap(({ type, name, path, from = '', block }): NodeProtocol[] => {
      const inside = insideOf(block);
      const owner = owners.get(path);
      if (!owner || isDisabled(inside) || templates.has(from)) return [];
      const families = inside.flatMap(({ words: [first] }) => familyOf(first?.text) ?? []);
      const purpose = { name, owner, type, families };
      return [{ ...purpose, file: path, lack: lackOf(purpose) }];
    })
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

interface Declarations {
  readonly protocol: readonly Statement[];
  /** Only where something in the file is disabled. */
  readonly template: readonly Statement[];
}

// A file that is as it was in the last pass is the same object.
const declarations = new WeakMap<BirdFile, Declarations>();

function declarationsIn(file: BirdFile): Declarations {
  const { content } = file;
  const found = declarations.get(file) ?? {
    protocol: mentions(content, 'protocol') ? declarationsOf(file, 'protocol') : [],
    template: mentions(content, 'disabled') ? declarationsOf(file, 'template') : [],
  };
  declarations.set(file, found);
  return found;
}

/** True where the word is outside comment lines. This saves parsing long files without it. */
function mentions(text: string, word: string): boolean {
  return new RegExp(`^[ \\t]*(?![ \\t#]).*\\b${word}\\b`, 'm').test(text);
}

/** Each type needs those before it. */
const order = ['device', 'kernel', 'direct', 'static', 'babel', 'rpki'];

function rank({ type }: NodeProtocol): number {
  const at = order.indexOf(type);
  return at < 0 ? order.length : at;
}

/** Statements that begin with this word; none of a text that BIRD cannot read either. */
function declarationsOf({ path, content }: BirdFile, word: 'protocol' | 'template'): Statement[] {
  try {
    return splitDeclarations(tokenize([{ path, text: content }])).filter(
      ({ words }) => words[0]?.text === word,
    );
  } catch {
    return [];
  }
}

/** BIRD templates that keep a protocol switched off. */
function disabledTemplates(files: readonly BirdFile[]): ReadonlySet<string> {
  return new Set(
    files
      .flatMap((file) => declarationsIn(file).template)
      .flatMap(({ words, block = [] }) => (isDisabled(insideOf(block)) ? (words[2]?.text ?? []) : [])),
  );
}

function insideOf(block: Statement['words']): Statement[] {
  try {
    return splitStatements(isSign(block.at(-1), ';') ? block : [...block, ...end]);
  } catch {
    return [];
  }
}

const end = [{ kind: 'sign', text: ';', path: '' }] as const;

function isDisabled(inside: readonly Statement[]): boolean {
  return inside.some(
    ({ words: [first, value] }) =>
      first?.text === 'disabled' && !['no', 'off', 'false', '0'].includes(value?.text ?? ''),
  );
}

function familyOf(text: string | undefined): Family | undefined {
  return text === 'ipv4' || text === 'ipv6' ? text : undefined;
}
