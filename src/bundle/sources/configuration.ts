import { parseJsonText } from '../../config/json-text.js';
import { readTextFile } from '../../platform/regular-file.js';
import { partOf } from '../part-of.js';
import type { Part, Source } from '../source.js';

const variable = /^(?:MOENET_\w+|(?:https?|no)_proxy|CREDENTIALS_DIRECTORY|NODE_\w+)$/i;

/** The configuration as the file has it and as it counts, and the variables of this environment that matter. */
export const configuration: Source = {
  name: 'configuration',
  limitMs: 10_000,
  collect: async ({ configFile, config, problems, env }) => [
    await partOf('configuration/file.json', async () => ({ document: await documentIn(configFile) })),
    config
      ? { file: 'configuration/effective.json', document: config }
      : { file: 'configuration/effective.json', missing: problems.join('; ') },
    environmentOf(env),
  ],
};

/** In a text that is no JSON, secrets cannot be told from the rest. */
async function documentIn(path: string | undefined): Promise<unknown> {
  if (path === undefined) throw new Error('there is no configuration file');
  return parseJsonText((await readTextFile(path)).text);
}

function environmentOf(env: Readonly<Record<string, string | undefined>>): Part {
  const known = Object.entries(env).filter(([name]) => variable.test(name));
  return { file: 'configuration/environment.json', document: Object.fromEntries(known) };
}
