import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noArchive } from '../../../../src/adapters/control-plane/archive.js';
import { createClient } from '../../../../src/adapters/control-plane/client.js';
import type { Dialect } from '../../../../src/adapters/control-plane/dialects/dialect.js';
import { documented } from '../../../../src/adapters/control-plane/dialects/documented.js';
import { moenetCore } from '../../../../src/adapters/control-plane/dialects/moenet-core.js';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { ControlPlaneError } from '../../../../src/shell/ports/control-plane-error.js';
import { fixture } from './fixture.js';

/** Makes every call with the same answer, in each dialect and in the one that is found. */
async function readAll(text: string) {
  for (const dialects of [[documented], [moenetCore], [documented, moenetCore]]) await readIn(dialects, text);
}

async function readIn(dialects: readonly Dialect[], text: string) {
  const answer = { status: 200, retryAfterMs: undefined, location: undefined, text };
  const none = () => undefined;
  const transport = {
    host: 'cp.example',
    send: async () => answer,
    endPause: none,
    close: async () => none(),
  };
  const parts = { transport, dialects, nodeName: 'jp1', archive: noArchive, now: Date.now };
  const client = createClient({ ...parts, token: new Secret('secret-token') });
  const calls = [client.fetchConfig(), client.fetchSessions(), client.fetchBirdConfig(), client.fetchMesh()];
  for (const result of await Promise.allSettled(calls)) {
    if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(ControlPlaneError);
  }
}

const names = ['documented', 'moenet-core'].flatMap((dialect) =>
  ['sessions', 'config', 'bird-config', 'mesh'].map((name) => `${dialect}/${name}.json`),
);
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '', 0, -1, '0', 1e99, [], {}, '__proto__', '\u0000', 'x'.repeat(5000), true),
);

/** Replaces the value at the `place`-th of all places in a JSON tree. */
function mutate(tree: unknown, place: number, value: unknown): unknown {
  let count = 0;
  return JSON.parse(JSON.stringify(tree), (_key, old: unknown) => (count++ === place ? value : old));
}

describe('any JSON', () => {
  it('is read, or refused by a ControlPlaneError', async () => {
    await fc.assert(fc.asyncProperty(fc.json(), readAll), { numRuns: 100 });
  });

  it('that is nearly an answer is read, or refused by a ControlPlaneError', async () => {
    const changes = fc.array(fc.tuple(fc.nat(150), odd), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), changes, async (name, list) => {
        const changed = list.reduce<unknown>(
          (tree, [place, value]) => mutate(tree, place, value),
          fixture(name),
        );
        await readAll(JSON.stringify(changed) ?? 'null');
      }),
      { numRuns: 100 },
    );
  });

  it('that is no JSON is refused by a ControlPlaneError', async () => {
    await fc.assert(fc.asyncProperty(fc.string(), readAll), { numRuns: 100 });
  });
});
