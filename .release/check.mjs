import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version as built, root } from './version.mjs';

/** The version that HEAD's tag names. Throws where HEAD cannot be released; the message says what helps. */
export function releasedVersion() {
  const changed = git('status', '--porcelain');
  if (changed !== '') throw new Error(`The tree differs from HEAD. Commit or remove this first:\n${changed}`);
  const tags = git('tag', '--points-at', 'HEAD', '--list', 'v[0-9]*').split('\n').filter(Boolean);
  if (tags.length !== 1)
    throw new Error(`HEAD needs one tag such as v1.2.3, and has ${tags.join(' and ') || 'none'}.`);
  const version = tags[0].slice(1);
  const inPackage = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
  if (inPackage !== version)
    throw new Error(`The tag is v${version}, but package.json has version ${inPackage}. Make them equal.`);
  if (built !== version)
    throw new Error(`MOENET_AGENT_VERSION is ${built}, but the tag is v${version}. Unset it.`);
  if (!headings().includes(version))
    throw new Error(`CHANGELOG.md has no section "## ${version}". Write it, and move the tag.`);
  return version;
}

/** `1.2.3` for `## 1.2.3 - 2026-11-26`. */
function headings() {
  const text = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  return [...text.matchAll(/^## \[?([^\s\]]+)/gm)].map(([, heading]) => heading);
}

function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trimEnd();
}
