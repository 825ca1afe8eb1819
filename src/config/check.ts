import { stat } from 'node:fs/promises';
import { readTextFile } from '../platform/regular-file.js';
import type { AgentConfig } from './agent-config.js';
import { ConfigError } from './config-error.js';
import type { LoadOptions } from './find.js';
import { lineOf } from './line-of.js';
import { loadConfig } from './load.js';

/** One thing that the check found. */
interface Finding {
  /** Of the file; absent where it is about no line of it. */
  readonly line?: number;
  /** The key, such as `bootstrap.apiUrl`; empty for the file itself. */
  readonly path: string;
  /** What is wrong, and the remedy. */
  readonly message: string;
}

/** What is wrong with a configuration file. */
export interface ConfigCheck {
  readonly file: string | undefined;
  /** True where the agent starts with it. */
  readonly ok: boolean;
  readonly problems: readonly Finding[];
  /** What the agent starts with, but is probably a mistake. */
  readonly warnings: readonly Finding[];
}

/** Checks the configuration as a start of the agent reads it, and the paths in it. Asks nobody and changes nothing. */
export async function checkConfig(options: LoadOptions): Promise<ConfigCheck> {
  try {
    const { config, warnings, path } = await loadConfig(options);
    const text = await textOf(path);
    const found = [...warnings, ...(await pathWarnings(config))].map((words) => toFinding(words, text));
    return { file: path, ok: true, problems: [], warnings: found };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const text = await textOf(error.file);
    const problems = error.problems.map((problem) =>
      problem.path === '' ? toFinding(problem.message, text) : { ...lineAt(text, problem.path), ...problem },
    );
    return { file: error.file, ok: false, problems, warnings: [] };
  }
}

/** A file that cannot be read has a problem of its own. */
async function textOf(path: string | undefined): Promise<string> {
  if (path === undefined) return '';
  return readTextFile(path).then(
    ({ text }) => text,
    () => '',
  );
}

/** A warning begins with the key that it is about. */
function toFinding(message: string, text: string): Finding {
  const [, ofSyntax] = /^line (\d+), column /.exec(message) ?? [];
  if (ofSyntax !== undefined) return { line: Number(ofSyntax), path: '', message };
  const [word = ''] = message.split(/[ :]/, 1);
  return { ...(/^[a-z]\w*(\.|$)/i.test(word) ? lineAt(text, word) : {}), path: '', message };
}

function lineAt(text: string, path: string): { readonly line?: number } {
  const line = lineOf(text, path);
  return line === undefined ? {} : { line };
}

/** The directories that the file names and that are not there, or are none. */
async function pathWarnings({ bird, templatesDir, stateDir, runtimeDir }: AgentConfig): Promise<string[]> {
  const wanted = [
    [
      'bird.configDir',
      bird.configDir,
      'the agent writes no file of BIRD until it is there; install BIRD, or correct the path',
    ],
    ['templatesDir', templatesDir, "the agent leaves BIRD's files unchanged; make it, or remove the key"],
  ] as const;
  const made = [
    ['stateDir', stateDir],
    ['runtimeDir', runtimeDir],
  ] as const;
  const checks = [
    ...wanted.map(async ([key, path, effect]) => {
      const kind = path === undefined ? 'directory' : await kindOf(path);
      return kind === 'directory' ? [] : [`${key}: ${path} is ${kind}: ${effect}`];
    }),
    ...made.map(async ([key, path]) =>
      (await kindOf(path)) === 'a file'
        ? [`${key}: ${path} is a file: move it elsewhere, or correct the path`]
        : [],
    ),
  ];
  return (await Promise.all(checks)).flat();
}

async function kindOf(path: string): Promise<'directory' | 'a file' | 'not there' | 'not readable'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'a file';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'not there' : 'not readable';
  }
}
