/** A program that the agent has started: its name and its first argument. */
export interface StartedProgram {
  readonly atMs: number;
  readonly text: string;
}

/** Reads what record-programs.cjs has written. */
export function parsePrograms(log: string): StartedProgram[] {
  return [...log.matchAll(/^(\d+) (.*)$/gm)].map(([, atMs, text = '']) => ({ atMs: Number(atMs), text }));
}

/** How often each was started. */
export function countsByName(programs: readonly StartedProgram[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of programs) {
    const [name = '', argument = ''] = text.split(' ');
    // What follows wireguard-go is the name of an interface.
    const key = name === 'wireguard-go' ? name : `${name} ${argument}`.trim();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** `wg 4, ip 2`: most often started first. */
export function countedByName(programs: readonly StartedProgram[]): string {
  const sorted = [...countsByName(programs)].toSorted(([, a], [, b]) => b - a);
  return sorted.map(([name, count]) => `${name} ${count}`).join(', ');
}
