import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * The version of what is built: that of MOENET_AGENT_VERSION; else of the newest tag `vX.Y.Z`, with the commits since then
 * (`1.2.3+4.g0123abc`); else of package.json.
 */
export const version = process.env['MOENET_AGENT_VERSION'] || ofTag() || ofPackage();

/** Seconds since 1970 for whatever carries a time, so that one commit gives the same bytes each time. */
export const sourceDate = Number(process.env['SOURCE_DATE_EPOCH'] || git('log', '-1', '--format=%ct') || 0);

function ofTag() {
  const [, tag, commits, commit] =
    /^v(\d.*?)(?:-(\d+)-(g\w+))?$/.exec(git('describe', '--tags', '--match', 'v[0-9]*')) ?? [];
  return commits === undefined ? tag : `${tag}+${commits}.${commit}`;
}

function ofPackage() {
  return JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')).version;
}

/** What git says of this directory, and of none above it; empty without git, repository or tag. */
function git(...args) {
  try {
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(root) };
    return execFileSync('git', args, {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
