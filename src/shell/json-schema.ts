import { z } from 'zod';

/**
 * The JSON Schema (draft 2020-12) of an answer. A reader must take what it does not know for an addition, so further fields are allowed;
 * `isStrict` forbids them, for the test that no field lacks a description.
 */
export function jsonSchemaOf(
  schema: z.ZodType,
  { isStrict = false } = {},
): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(schema, {
    io: isStrict ? 'output' : 'input',
    // What is parsed of many spellings, such as the options of a session, has no schema of its own.
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
      // What the documents of the configuration say of a key.
      delete jsonSchema['value'];
      delete jsonSchema['usual'];
    },
  });
}
