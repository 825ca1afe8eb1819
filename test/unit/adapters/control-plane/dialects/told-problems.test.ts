import { describe, expect, it } from 'vitest';
import { documented } from '../../../../../src/adapters/control-plane/dialects/documented.js';
import { moenetCore } from '../../../../../src/adapters/control-plane/dialects/moenet-core.js';

describe.each([documented, moenetCore])('the problems in a heartbeat ($name)', (dialect) => {
  function told(problems: readonly string[]): {
    readonly problems: readonly string[];
    readonly bytes: number;
  } {
    const beat = {
      version: '0.1.0',
      uptimeSeconds: 1,
      meshPublicKey: undefined,
      birdVersion: undefined,
      kernel: '6.1.0',
      loadAverage: [0, 0, 0],
      network: undefined,
      withheldSessions: 0,
      problems,
    } as const;
    const body = dialect.heartbeat(beat, { nodeName: 'jp1', nowMs: 0 }).at(-1)?.body as {
      readonly problems?: readonly string[];
      readonly status?: { readonly problems?: readonly string[] };
    };
    const bytes = Buffer.byteLength(JSON.stringify(body));
    return { problems: body.status?.problems ?? body.problems ?? ['none'], bytes };
  }

  it('are the worst twelve, and how many more there are', () => {
    const problems = Array.from({ length: 5_000 }, (_, index) => `problem ${index}`);
    expect(told(problems).problems).toEqual([
      ...problems.slice(0, 12),
      '4988 more problems: moenet-agent status',
    ]);
    expect(told(problems.slice(0, 12)).problems).toEqual(problems.slice(0, 12));
    expect(told([]).problems).toEqual([]);
  });

  it('are a line of at most 255 characters each', () => {
    const [long, lines] = told(['x'.repeat(10_000), 'two\nlines\u0000\u202e of it']).problems;
    expect(long).toBe(`${'x'.repeat(254)}…`);
    expect(lines).toBe('two lines of it');
  });

  it('make the body no larger than 16 KiB, whatever they are made of', () => {
    for (const character of ['"', '\\', '\u{1f310}'])
      expect(told(Array(5_000).fill(character.repeat(5_000))).bytes).toBeLessThan(16_384);
  });
});
