import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/adapters/templates/load-templates.js';
import type { BirdFile } from '../../../src/core/model/artifacts.js';
import type { Templates } from '../../../src/core/render/templates.js';
import { type Namespace, openNamespace } from '../../../src/lab/namespace.js';
import type { Bird } from '../../../src/shell/ports/bird.js';
import { answersWith } from './routers/hostile-answers.js';
import { anyText, noWord } from './routers/hostile-texts.js';
import { desireFrom, filesOf } from './routers/node-answers.js';
import { parsedByBird } from './routers/parsed-by-bird.js';
import { makeRealBird, type RealBird } from './routers/real-bird.js';
import { installedVersion } from './routers/running-bird.js';

let templates: Templates;
let version: string;
let namespace: Namespace;
let real: RealBird;
let bird: Bird;

beforeAll(async () => {
  templates = await loadTemplates();
  version = await installedVersion();
  namespace = await openNamespace('hostile');
  real = await makeRealBird(namespace);
  await real.put('bird.conf', 'router id 192.0.2.1;\nprotocol device { }\n');
  await real.start();
  bird = real.open('full');
});

afterAll(async () => {
  await real.close();
  await namespace.close();
});

interface Strings {
  readonly free: readonly string[];
  readonly refused: readonly string[];
  readonly everywhere: boolean;
}

const strings: fc.Arbitrary<Strings> = fc.record({
  free: fc.array(anyText, { minLength: 1, maxLength: 20 }),
  refused: fc.array(noWord, { minLength: 1, maxLength: 20 }),
  everywhere: fc.boolean(),
});

function filesWith({ free, refused, everywhere }: Strings): readonly BirdFile[] {
  const texts = { free: inTurn(free, 'x'), refused: inTurn(refused, undefined), everywhere };
  const nodeName = free[0] ?? 'x';
  return filesOf(desireFrom(answersWith(texts), templates, version, { nodeName }));
}

/** As a control plane would have it that says nothing strange. */
const harmless = (everywhere: boolean) => filesWith({ free: [], refused: [], everywhere });

function inTurn<T>(texts: readonly string[], otherwise: T): () => string | T {
  let next = 0;
  return () => (texts.length === 0 ? otherwise : (texts[next++ % texts.length] ?? otherwise));
}

/**
 * The files without what stands in comments and between quotes, as BIRD reads them. What an RPKI cache is called is part
 * of an identifier; a description that has nothing printable in it is left out.
 */
function statements(files: readonly BirdFile[]): string {
  const text = files.map(({ path, content }) => `## ${path}\n${content}`).join('\n');
  return text
    .replace(/"[^"\n]*"|#[^\n]*|\/\*[\s\S]*?\*\//g, (token) => (token.startsWith('"') ? '""' : ''))
    .replace(/^ *description "";\n/gm, '')
    .replace(/\bmoenet_rpki_\w+/g, 'moenet_rpki_*');
}

async function load(files: readonly BirdFile[]): Promise<readonly string[]> {
  const wanted = new Set(files.map(({ path }) => path));
  const present = [...(await bird.readFiles()).keys()].filter((path) => !wanted.has(path));
  expect(await bird.commit(files, present)).toEqual({ kind: 'loaded' });
  const lines = await parsedByBird(real.controlSocket);
  return lines.map((line) => line.replace(/\bmoenet_rpki_\w+/, 'moenet_rpki_*'));
}

describe('what BIRD has parsed', () => {
  it('differs with one statement more, one less and another value', async () => {
    const files = harmless(true);
    const parsed = await load(files);
    expect(parsed).toContainEqual(expect.stringMatching(/^filter moenet_kernel$/));
    const changed = (from: RegExp, to: string) =>
      files.map((file) => ({ ...file, content: file.content.replace(from, to) }));
    const changes = [
      changed(/(?=protocol kernel)/, 'protocol static evil { ipv4; }\n'),
      changed(/\bimport limit [^;]*;/, ''),
      changed(/(?<=define MOENET_AS_PATH_MAX_LEN = )\d+/, '99'),
      changed(/(?<=neighbor \S+ as )\d+/, '64999'),
    ];
    for (const change of changes) expect(await load(change)).not.toEqual(parsed);
    expect(await load(files)).toEqual(parsed);
  });
});

describe('any text in any string of the control plane', () => {
  it('leaves every statement as it is', () => {
    const plain = new Map([true, false].map((everywhere) => [everywhere, statements(harmless(everywhere))]));
    const property = fc.property(strings, (generated) => {
      expect(statements(filesWith(generated))).toBe(plain.get(generated.everywhere));
    });
    fc.assert(property, { numRuns: 300, interruptAfterTimeLimit: 15_000, markInterruptAsFailure: false });
  });

  it('leaves a running BIRD with the same protocols, tables, filters and values', async () => {
    const plain = new Map<boolean, readonly string[]>();
    for (const everywhere of [true, false]) plain.set(everywhere, await load(harmless(everywhere)));
    let last: Promise<void> | undefined;
    const property = fc.asyncProperty(strings, (generated) => {
      last = load(filesWith(generated)).then((parsed) => {
        expect(parsed).toEqual(plain.get(generated.everywhere));
      });
      return last;
    });
    await fc.assert(property, {
      numRuns: 60,
      interruptAfterTimeLimit: 20_000,
      markInterruptAsFailure: false,
    });
    // The limit does not wait for the run that it interrupts.
    await last;
    expect((await bird.observe()).running).toBe(true);
  });
});
