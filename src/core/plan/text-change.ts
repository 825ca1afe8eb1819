import { firstSentences } from '../model/list-some.js';
import { factsOf, hasMeantComment, latencyTier } from './bird-facts.js';

/** A new template may cause hundreds of differences. */
const mostNamed = 3;

/**
 * What differs between two texts of a BIRD file, for people. Known values come first, then the other lines that go and
 * come. `rttMs` is the measured latency of the session's link. Shows nothing that could be a secret: neither a line that
 * mentions one nor the text between quotes in an unknown line.
 */
export function describeTextChange(before: string, after: string, rttMs?: number): string {
  const [was, is] = [statementsOf(before), statementsOf(after)];
  const gone = without(was, is);
  const come = without(is, was);
  const parts = [...factChanges(gone, come, rttMs), ...lineChanges(gone, come)];
  if (parts.length > 0) return firstSentences(parts, mostNamed, 'differences').join('; ');
  return was.length + is.length > 0 && was.join('\n') !== is.join('\n')
    ? 'the order of its lines differs'
    : 'its comments differ';
}

/**
 * The lines without indents, without commas between the elements of a set, and without comments except those of networks.
 */
function statementsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => {
      const [, statement = line, comment = ''] = /^((?:[^"#]|"[^"]*")*)#(.*)$/.exec(line) ?? [];
      const element = statement.trim().replace(/,$/, '');
      return comment !== '' && hasMeantComment(element) ? `${element} #${comment}` : element;
    })
    .filter((line) => line !== '');
}

/** The lines of `some` that `others` lacks, or has less often. */
function without(some: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1);
  return some.filter((line) => {
    const count = counts.get(line) ?? 0;
    counts.set(line, count - 1);
    return count <= 0;
  });
}

function factChanges(gone: readonly string[], come: readonly string[], rttMs: number | undefined): string[] {
  const [was, is] = [valuesOf(gone), valuesOf(come)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((what) => {
    const [from, to] = [was.get(what), is.get(what)];
    if (from === to) return [];
    if (from === undefined) return [`${what} ${to} is new`];
    if (to === undefined) return [`${what} ${from} goes`];
    const measured = what === latencyTier && rttMs !== undefined ? `, at ${rttMs.toFixed(1)} ms` : '';
    return [`${what} changes from ${from} to ${to}${measured}`];
  });
}

/** What → its values, each once. */
function valuesOf(lines: readonly string[]): Map<string, string> {
  const values = new Map<string, string[]>();
  for (const { what, value } of lines.flatMap(factsOf)) {
    const known = values.get(what) ?? [];
    if (!known.includes(value)) values.set(what, [...known, value]);
  }
  return new Map([...values].map(([what, all]) => [what, shown(all.join(' and '))]));
}

function lineChanges(gone: readonly string[], come: readonly string[]): string[] {
  const isUnknown = (line: string) => factsOf(line).length === 0 && !/^[{}\]]*;?$/.test(line);
  const olds = gone.filter(isUnknown);
  const news = come.filter(isUnknown);
  const waiting = new Map<string, string[]>();
  for (const line of news) {
    const same = waiting.get(firstWord(line));
    if (same) same.push(line);
    else waiting.set(firstWord(line), [line]);
  }
  const used = new Map<string, number>();
  const parts = olds.map((old) => {
    const word = firstWord(old);
    const index = used.get(word) ?? 0;
    used.set(word, index + 1);
    const now = waiting.get(word)?.[index];
    return now === undefined ? `${quoted(old)} goes` : `${quoted(old)} becomes ${quoted(now)}`;
  });
  const left = [...waiting].flatMap(([word, lines]) => lines.slice(used.get(word) ?? 0));
  return [...parts, ...left.map((line) => `${quoted(line)} is new`)];
}

function firstWord(line: string): string {
  return /^[A-Za-z_]\w*/.exec(line)?.[0] ?? line;
}

/** True for a line of a file, perhaps an edited one, that nobody is to be shown. */
export function mayHoldSecret(line: string): boolean {
  return /pass|secret|key|psk|token|auth/i.test(line);
}

function quoted(line: string): string {
  if (mayHoldSecret(line)) return 'a line that may contain a secret';
  return `"${shown(line.replace(/"[^"]*"?/g, '...'))}"`;
}

/** An edited file may contain anything. */
function shown(text: string): string {
  const clean = text.replace(/[^\x20-\x7e]+/g, '?');
  return clean.length > 100 ? `${clean.slice(0, 100)}...` : clean;
}
