/** Path → name of a mutant → why no test has to fail with it. */
export type Argued = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What became of the mutants of a file that were tried. */
export interface FileResult {
  readonly path: string;
  readonly killed: readonly string[];
  readonly survived: readonly string[];
}

export interface Report {
  readonly lines: readonly string[];
  /** False where a mutant survived that nobody has argued. */
  readonly isGood: boolean;
}

/** Compares what survived with what is argued. `names`: path → all mutants that there are, whether tried or not. */
export function report(
  results: readonly FileResult[],
  argued: Argued,
  names: ReadonlyMap<string, readonly string[]>,
): Report {
  const isArgued = (path: string, name: string) => argued[path]?.[name] !== undefined;
  const lines: string[] = [];
  let unargued = 0;
  for (const { path, killed, survived } of results) {
    const open = survived.filter((name) => !isArgued(path, name));
    unargued += open.length;
    lines.push(`${path}: ${killed.length} killed, ${survived.length} survived`);
    lines.push(...open.map((name) => `  survived, and is not argued: ${name}`));
    lines.push(
      ...killed
        .filter((name) => isArgued(path, name))
        .map((name) => `  is argued, but a test fails with it now; take it off the list: ${name}`),
    );
  }
  for (const [path, mutants] of names)
    for (const name of Object.keys(argued[path] ?? {}))
      if (!mutants.includes(name))
        lines.push(`${path}: is argued, but there is no such mutant any more: ${name}`);
  const count = (key: 'killed' | 'survived') => results.reduce((sum, result) => sum + result[key].length, 0);
  lines.push(
    `${count('killed') + count('survived')} mutants: ${count('killed')} killed, ${count('survived')} survived, of which ${unargued} are not argued in test/mutants/survivors.json`,
  );
  return { lines, isGood: unargued === 0 };
}
