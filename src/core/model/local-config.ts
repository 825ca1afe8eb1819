import { tokenize } from '../bird-syntax/tokens.js';
import { hashOf } from './fingerprint.js';
import { hooksFile } from './names.js';

/** What an operator added to the agent's BIRD configuration: the files of `local/`. */
export interface LocalConfig {
  /** In their order; the one with the hooks is not among them. */
  readonly files: readonly LocalFile[];
  /** Absent where there is no `local/hooks.conf`. */
  readonly hooks?: (LocalFile & Hooks) | undefined;
}

export interface LocalFile {
  readonly path: string;
  /** Another one wherever the text is another. */
  readonly hash: string;
}

/** The functions of `local/hooks.conf` that the filters of eBGP sessions call. */
export interface Hooks {
  readonly localImport: boolean;
  readonly localExport: boolean;
}

export const noHooks: Hooks = { localImport: false, localExport: false };

/** `files` are the files of `local/`: path → text. */
export function readLocalConfig(files: ReadonlyMap<string, string> = new Map()): LocalConfig {
  const all = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const hooks = all.find(([path]) => path === hooksFile);
  return {
    files: all.filter(([path]) => path !== hooksFile).map(toFile),
    hooks: hooks && { ...toFile(hooks), ...hooksIn(hooks) },
  };
}

function toFile([path, text]: readonly [string, string]): LocalFile {
  return { path, hash: hashOf([text]) };
}

function hooksIn([path, text]: readonly [string, string]): Hooks {
  const words = tokenize([{ path, text }]).map((token) => token.text);
  const defines = (name: string) => words.some((word, at) => word === 'function' && words[at + 1] === name);
  return { localImport: defines('local_import'), localExport: defines('local_export') };
}
