import { expect, it } from 'vitest';
import { importsOf, isMutated, sample, testsOf } from '../../mutants/selection.js';

it('mutates the core, and what of the shell changes the system or remembers', () => {
  const paths = [
    'src/core/plan/diff-bird.ts',
    'src/shell/pass/apply-bird.ts',
    'src/shell/status/status.ts',
    'src/core/tsconfig.json',
  ];
  expect(paths.map(isMutated)).toEqual([true, true, false, false]);
});

it('takes always the same mutants of a file, in their order, also where others come', () => {
  const mutants = Array.from({ length: 20 }, (_, n) => ({
    name: `m${n}`,
    start: n,
    end: n,
    replacement: '',
  }));
  const chosen = sample('a.ts', mutants, 5);
  expect(chosen).toHaveLength(5);
  expect(sample('a.ts', mutants.toReversed(), 5).toReversed()).toEqual(chosen);
  expect(chosen.map(({ start }) => start)).toEqual(
    chosen.map(({ start }) => start).toSorted((a, b) => a - b),
  );
});

it('finds the tests of a file: its own, then the nearest, and not those that need its types only', () => {
  const texts = new Map([
    ['src/a.ts', ''],
    ['src/b.ts', "import { a } from './a.js';"],
    ['test/a.test.ts', "import {\n  b,\n} from '../src/b.js';\n"],
    ['test/c.test.ts', "import { b } from '../src/b.js';\n"],
    ['test/soak.test.ts', "import { a } from '../src/a.js';\n"],
    ['test/x.test.ts', "import { it } from 'vitest';\nimport { a, type A } from '../src/a.js';\n"],
    ['test/types.test.ts', "import type { A } from '../src/a.js';\n"],
    ...[1, 2, 3].map((n) => [`test/z${n}.test.ts`, "import { b } from '../src/b.js';\n"] as const),
  ]);
  expect(testsOf('src/a.ts', importsOf(texts))).toEqual({
    near: ['test/a.test.ts', 'test/x.test.ts', 'test/c.test.ts', 'test/z1.test.ts'],
    far: ['test/z2.test.ts', 'test/z3.test.ts'],
  });
});
