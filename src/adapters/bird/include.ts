import { posix } from 'node:path';

// BIRD takes `include` only as the first word of a line.
const includeLine = /^([ \t]*include[ \t]*")([^"\n]*)"/gm;

/** Points the absolute includes below one of `from` to the same places below `to`. */
export function redirectIncludes(text: string, from: readonly string[], to: string): string {
  return text.replace(includeLine, (line, start: string, target: string) => {
    const path = posix.normalize(target);
    const base = from.find((directory) => path.startsWith(`${directory}/`));
    return base === undefined ? line : `${start}${to}${path.slice(base.length)}"`;
  });
}

/** True where the text of a file in `directory` includes the file `name` of that directory, also by a glob. */
export function includesFile(text: string, directory: string, name: string): boolean {
  const targets = [...withoutComments(text).matchAll(includeLine)].map((match) => match[2] ?? '');
  return targets.some((target) => globPattern(posix.resolve(directory, target)).test(`${directory}/${name}`));
}

/** A `#` between quotes is no comment. */
function withoutComments(text: string): string {
  return text.replace(/"[^"\n]*"|#[^\n]*|\/\*[\s\S]*?\*\//g, (token) => (token.startsWith('"') ? token : ''));
}

/** `*` and `?` of glob(7), which stop at a `/`. */
export function globPattern(glob: string): RegExp {
  const literal = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
}
