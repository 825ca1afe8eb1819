import { type IpAddress, parseIp } from '../model/values/ip.js';
import { isSign, type Statement } from './statements.js';
import type { Token } from './tokens.js';

/** The constants of a configuration whose values are a single word; the agent needs no others. */
export type Constants = ReadonlyMap<string, Token>;

/** Reads all `define NAME = VALUE;`, which may name constants before them. */
export function readConstants(statements: readonly Statement[]): Constants {
  const constants = new Map<string, Token>();
  for (const { words } of statements) {
    const [define, name, equals, value, ...rest] = words;
    if (define?.text !== 'define' || !name || !isSign(equals, '=') || !value || rest.length > 0) continue;
    const known = resolve(value, constants);
    // A constant that cannot be read still replaces an earlier one of the same name.
    constants.set(name.text, known);
  }
  return constants;
}

/** The word that a constant stands for; any other word stands for itself. */
export function resolve(token: Token, constants: Constants): Token {
  return token.kind === 'symbol' ? (constants.get(token.text) ?? token) : token;
}

/** A number of 32 bits, or undefined. */
export function numberOf(token: Token | undefined, constants: Constants): number | undefined {
  const word = token && resolve(token, constants);
  if (word?.kind !== 'number') return undefined;
  const number = Number(word.text);
  return number <= 0xffff_ffff ? number : undefined;
}

/** An address, or undefined. */
export function addressOf(token: Token | undefined, constants: Constants): IpAddress | undefined {
  const word = token && resolve(token, constants);
  return word?.kind === 'address' ? parseIp(word.text) : undefined;
}

/** A switch that is left out is on. */
export function switchOf(token: Token | undefined, constants: Constants): boolean | undefined {
  if (token === undefined) return true;
  const { text } = resolve(token, constants);
  if (['on', 'yes', 'true'].includes(text)) return true;
  if (['off', 'no', 'false'].includes(text)) return false;
  const number = numberOf(token, constants);
  return number === undefined ? undefined : number !== 0;
}
