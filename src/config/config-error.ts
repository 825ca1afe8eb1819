/** One thing that is wrong, and where: `bootstrap.apiUrl`; an empty path is the file itself. */
export interface ConfigProblem {
  readonly path: string;
  readonly message: string;
}

/** The configuration cannot be used. `message` lists every problem, one a line, each with its path in the file. */
export class ConfigError extends Error {
  /** The file that was read, or undefined where there was none. */
  readonly file: string | undefined;
  readonly problems: readonly ConfigProblem[];

  /** `hint` follows the problems and is none itself. */
  constructor(file: string | undefined, problems: readonly ConfigProblem[], hint?: string) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    const lines = problems.map(({ path, message }) => `  ${path ? `${path}: ` : ''}${message}`);
    const all = [...lines, ...(hint === undefined ? [] : [`  ${hint}`])];
    super([`${file ?? 'the configuration'} has ${count}:`, ...all].join('\n'));
    this.name = 'ConfigError';
    this.file = file;
    this.problems = problems;
  }
}
