import type { Reply } from './socket/reply.js';

/** The reply's text without its codes. */
export function linesOf(reply: Reply): string[] {
  // 8001 Network not found
  if (reply.code === '8001') return [];
  if (reply.code !== '0000') throw new Error(`show route: BIRD says ${reply.code} ${reply.text}`);
  return reply.lines.slice(0, -1).map(({ text }) => text);
}

/** A protocol's name as a symbol of BIRD's language. Throws where it is none. */
export function symbol(name: string): string {
  if (/^[A-Za-z_]\w{0,63}$/.test(name)) return name;
  if (/^[A-Za-z0-9_.:-]{1,64}$/.test(name)) return `'${name}'`;
  throw new Error(`${JSON.stringify(name.slice(0, 70))} is not the name of a BIRD protocol`);
}

/** The name as a pattern that matches only itself, whether BIRD knows it or not. Throws where it can be none. */
export function pattern(name: string): string {
  return `"${symbol(name).replaceAll("'", '')}"`;
}
