import { jsonSchemaOf } from '../../shell/json-schema.js';
import type { Context } from '../commands.js';
import type { schemaNames } from '../program/choices.js';
import { toJson } from '../terminal/text.js';
import { documents } from './documents.js';

/** `moenet-agent schema COMMAND`: the JSON Schema of what the command prints with `--json`. */
export async function schemaCommand({ io }: Context, name: (typeof schemaNames)[number]): Promise<number> {
  const { $schema, ...rest } = jsonSchemaOf(documents[name]);
  io.stdout.write(toJson({ $schema, title: `moenet-agent ${name.replace('-', ' ')} --json`, ...rest }));
  return 0;
}
