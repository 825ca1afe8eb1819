import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { birdDirectories } from '../../../core/model/names.js';
import { unlessAbsent } from '../../../platform/regular-file.js';
import { maxBirdFileBytes } from '../bird-text.js';
import { isAgentPath } from '../paths.js';
import { CandidateRefused, type FileChange, type Site } from './candidate.js';

/** BIRD crashes on a string of 4,096 bytes, and its daemon does so even when it only checks such a file. */
const maxLineBytes = 4000;

/** Throws `CandidateRefused` for a change that the agent must not try. */
export async function refuseUnsafe(site: Site, change: FileChange): Promise<void> {
  const written = [...change.write, ...(change.giveBack ?? [])].map(({ path }) => path);
  for (const path of [...written, ...change.remove]) {
    if (!isAgentPath(path, site.mode))
      throw new CandidateRefused(path, "the agent has no file of this name in BIRD's directory");
  }
  for (const file of change.write) {
    refuseLarge(file.path, file.content);
    refuseLongLines(file.path, file.content);
  }
  await refuseLinks(site);
}

function refuseLarge(path: string, content: string): void {
  const bytes = Buffer.byteLength(content);
  if (bytes > maxBirdFileBytes)
    throw new CandidateRefused(
      path,
      `it would have ${bytes} bytes; the agent writes files of at most ${maxBirdFileBytes} bytes`,
    );
}

function refuseLongLines(path: string, content: string): void {
  const long = content.split('\n').findIndex((line) => Buffer.byteLength(line) > maxLineBytes);
  if (long >= 0)
    throw new CandidateRefused(
      path,
      `line ${long + 1} is longer than ${maxLineBytes} bytes, which can crash BIRD`,
    );
}

/** An operator's file may have the same fault; `text` holds one character per byte. */
export function refuseLongStrings(path: string, text: string): void {
  if (new RegExp(`"[^"\\n]{${maxLineBytes},}`).test(text))
    throw new CandidateRefused(
      path,
      `it has a string of more than ${maxLineBytes} bytes, which can crash BIRD`,
    );
}

/** Through a link the agent would write to a place that nobody named: throws `CandidateRefused`. */
export async function refuseLinks(site: Site): Promise<void> {
  for (const directory of birdDirectories) await refuseLink(site, directory);
}

async function refuseLink(site: Site, directory: string): Promise<void> {
  const found = await unlessAbsent(lstat(join(site.configDir, directory)));
  if (found && !found.isDirectory())
    throw new CandidateRefused(directory, `${join(site.configDir, directory)} is not a real directory`);
}
