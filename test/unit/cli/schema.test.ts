import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { schemaNames } from '../../../src/cli/program/choices.js';
import { documents } from '../../../src/cli/schema/documents.js';
import { badStatus, goodStatus } from '../../fakes/node-status.js';
import { undescribed } from '../../published-schema.js';
import { commandLine } from './command-line.js';

const { cli } = commandLine();

describe('schema', () => {
  it.each(schemaNames)(
    'prints the JSON Schema of %s, with a description of what does not speak for itself',
    async (name) => {
      const { out, exitCode } = await cli(`schema ${name}`);
      const schema = JSON.parse(out);
      expect(exitCode).toBe(0);
      expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      expect(schema.title).toMatch(/^moenet-agent .* --json$/);
      const ajv = new Ajv2020({ allowUnionTypes: true });
      expect(ajv.validateSchema(schema)).toBe(true);
      expect(out).toContain('"description"');
      // A reader takes what a newer agent adds.
      expect(out).not.toContain('additionalProperties');
    },
  );

  it('describes each field of a status', () => {
    for (const status of [goodStatus, badStatus]) expect(undescribed('status', status)).toEqual([]);
    expect(undescribed('status', { ...goodStatus, isNew: true })).toEqual([expect.stringContaining('isNew')]);
    const [first] = goodStatus.sessions;
    const sessions = [{ ...first, rttMs: 'fast' }];
    expect(undescribed('status', { ...goodStatus, sessions })).toEqual([
      expect.stringContaining('/sessions/0/rttMs'),
    ]);
  });

  it('has each command that is named', () => {
    expect(Object.keys(documents)).toEqual([...schemaNames]);
  });
});
