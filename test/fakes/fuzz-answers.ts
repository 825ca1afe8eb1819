import fc from 'fast-check';
import { noArchive } from '../../src/adapters/control-plane/archive.js';
import { createClient } from '../../src/adapters/control-plane/client.js';
import { documented } from '../../src/adapters/control-plane/dialects/documented.js';
import { Secret } from '../../src/core/model/values/secret.js';
import type { ControlPlane } from '../../src/shell/ports/control-plane.js';
import { fixture } from '../unit/adapters/control-plane/fixture.js';

/** What is answered to each of the four GETs. */
export type Answers = Readonly<Record<'config' | 'sessions' | 'bird-config' | 'mesh', string>>;

export const goodAnswers: Answers = {
  config: textOf('config'),
  sessions: textOf('sessions'),
  'bird-config': textOf('bird-config'),
  mesh: textOf('mesh'),
};

function textOf(name: string): string {
  return JSON.stringify(fixture(`documented/${name}.json`));
}

const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '', 0, -1, '0', 1e99, [], {}, '__proto__', '\u0000', '";\n}', 'x'.repeat(300), true),
);

// What another item, or the machine, already has.
const taken = fc.constantFrom<unknown>(
  ...['abc-123', 'abc-124', 'wg_24001', 'wg_24002', 'wg_foreign', 'eth0', 'lo', 'dummy0', 'dn42-wg-igp-2'],
  ...[24001, 24002, 51822, 4242421080, 4242422189, 1, 2, 4, 5],
  ...['172.22.188.1', 'fe80::2', 'fd00:4242:7777:101:1::1', 'peer.example.net:51820'],
);

/** One change of a JSON tree: at a place, counted as a share of all places. */
type Mutation = readonly [kind: 'replace' | 'remove' | 'repeat', place: number, value: unknown];

const mutation: fc.Arbitrary<Mutation> = fc.tuple(
  fc.constantFrom('replace' as const, 'replace' as const, 'remove' as const, 'repeat' as const),
  fc.double({ min: 0, max: 0.999, noNaN: true }),
  fc.oneof(strange, taken),
);

/** An answer that is nearly good, or any JSON, or none. */
function hostile(good: string): fc.Arbitrary<string> {
  const near = fc
    .array(mutation, { minLength: 1, maxLength: 4 })
    .map((mutations) => JSON.stringify(mutations.reduce(mutate, JSON.parse(good))) ?? 'null');
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(good) },
    { weight: 6, arbitrary: near },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.nat(good.length).map((length) => good.slice(0, length)) },
  );
}

export const hostileAnswers: fc.Arbitrary<Answers> = fc.record({
  config: hostile(goodAnswers.config),
  sessions: hostile(goodAnswers.sessions),
  'bird-config': hostile(goodAnswers['bird-config']),
  mesh: hostile(goodAnswers.mesh),
});

function mutate(tree: unknown, [kind, share, value]: Mutation): unknown {
  const place = Math.floor(share * countPlaces(tree));
  let count = 0;
  return JSON.parse(JSON.stringify(tree) ?? 'null', (_key, old: unknown) => {
    if (count++ !== place) return old;
    if (kind === 'replace') return value;
    if (kind === 'remove') return undefined;
    return Array.isArray(old) ? [...old, ...old] : [old, old];
  });
}

function countPlaces(tree: unknown): number {
  let count = 0;
  JSON.parse(JSON.stringify(tree) ?? 'null', (_key, value: unknown) => {
    count += 1;
    return value;
  });
  return count;
}

/** The real client and its parsers, over a transport that gives the answers at hand. */
export function clientOf(answers: () => Answers): ControlPlane {
  const send = async ({ path }: { readonly path: string }) => {
    const name = path.slice(path.lastIndexOf('/') + 1) as keyof Answers;
    return { status: 200, retryAfterMs: undefined, location: undefined, text: answers()[name] };
  };
  return createClient({
    transport: { host: 'cp.example', send, endPause: () => undefined, close: async () => undefined },
    dialects: [documented],
    nodeName: 'jp1',
    archive: noArchive,
    now: () => 1_800_000_000_000,
    token: new Secret('secret-token'),
  });
}
