import { Ajv2020 } from 'ajv/dist/2020.js';
import { documents } from '../src/cli/schema/documents.js';
import { jsonSchemaOf } from '../src/shell/json-schema.js';

/** What of a document the published schema does not describe, or describes otherwise. */
export function undescribed(name: keyof typeof documents, document: unknown): readonly string[] {
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
    jsonSchemaOf(documents[name], { isStrict: true }),
  );
  // As a reader gets it.
  if (validate(JSON.parse(JSON.stringify(document)))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
