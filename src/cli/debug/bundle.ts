import { formatBytes } from '../../core/explain/units.js';
import type { BundleDocument } from '../../wire/debug-bundle.js';
import { counted, printable } from '../../words/text.js';
import type { Context } from '../commands.js';
import { findConfiguration } from '../doctor/doctor.js';
import { printAnswer } from '../terminal/text.js';

export interface BundleOptions {
  readonly output: string | undefined;
  readonly force: boolean;
}

/** `moenet-agent debug bundle`: 0 written, whatever it lacks; 1 not written. */
export async function bundleCommand(context: Context, options: BundleOptions): Promise<number> {
  const { io, configPath, commands } = context;
  const document = await commands.debugBundle({
    ...options,
    configuration: await findConfiguration(context),
    configPath,
    place: await context.place(),
    env: io.env,
    cwd: io.cwd,
    now: io.now,
  });
  await printAnswer(context, document, describe);
  return 0;
}

const advice =
  'The agent has replaced the secrets that it knows or recognizes by [secret]. Addresses, names and routes are in it as they are. Look through it before you send it:';

function describe({ path, bytes, files, missing }: BundleDocument): string {
  const shown = printable(path);
  return [
    `${shown} (${formatBytes(bytes)}, readable by you alone)`,
    '',
    ...groups(files).map(({ name, count, characters }) => {
      const many = count === 1 ? '' : ` (${counted(count, 'file')})`;
      return `  ${formatBytes(characters).padStart(9)}  ${printable(name)}${many}`;
    }),
    ...(missing.length === 0 ? [] : ['', 'missing:']),
    ...reasons(missing).map((words) => `  ${printable(words)}`),
    '',
    advice,
    `  tar -xzf ${shown}`,
    '',
  ].join('\n');
}

/** Each file at the top, and each directory with the number and size of its files. */
function groups(files: BundleDocument['files']) {
  const found = new Map<string, { name: string; count: number; characters: number }>();
  for (const { name, characters } of files) {
    const [top = '', ...below] = name.split('/');
    const key = below.length === 0 ? top : `${top}/`;
    const group = found.get(key) ?? { name: key, count: 0, characters: 0 };
    found.set(key, { name: key, count: group.count + 1, characters: group.characters + characters });
  }
  return [...found.values()];
}

/** What is missing for the same reason stands in one line. */
function reasons(missing: BundleDocument['missing']): string[] {
  const found = new Map<string, string[]>();
  for (const { name, why } of missing) found.set(why, [...(found.get(why) ?? []), name]);
  return [...found].map(([why, names]) => `${names.join(', ')}: ${why}`);
}
