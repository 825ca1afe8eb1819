import { expect, it } from 'vitest';
import { mutantsOf, withMutant } from '../../mutants/operators.js';

const made = (text: string) => mutantsOf(text).map((mutant) => withMutant(text, mutant));
const inFunction = (line: string) => `async function f(a: number, b: boolean) { ${line} }`;

it.each([
  ['if (b) g();', ['if (!(b)) g();', 'if (b) ;']],
  ['if (!b) g();', ['if (b) g();', 'if (!b) ;']],
  ['return b ? 1 : 2;', ['return !(b) ? 1 : 2;']],
  ['return a === 1;', ['return a !== 1;']],
  ['return a < 1;', ['return !(a < 1);', 'return a <= 1;']],
  ['return b && a > 0;', ['return b || a > 0;', 'return b && !(a > 0);', 'return b && a >= 0;']],
  ['return a + 1;', ['return a - 1;']],
  ["return 'a' + a;", []],
  ['return !b;', ['return b;']],
  ['return true;', ['return false;']],
  ['return [a];', ['return [];']],
  ['return [];', []],
  ['return a ?? 7;', ['return a;']],
  ["return a.get(b ?? '');", []],
  ['return a.filter(g).map(h);', ['return a.map(h);']],
  ['await g(a);', [';']],
  ['let c = 1; c += a;', ['let c = 1; c -= a;']],
])('mutates %s', (line, expected) => {
  const early = inFunction(line).replace('{', '{ return;');
  expect(made(inFunction(line)).toSorted()).toEqual([early, ...expected.map(inFunction)].toSorted());
});

it('leaves types, imports and empty functions alone', () => {
  const text =
    "import { a } from 'b';\ntype T = true | [1];\nfunction f(x: T & U): 1 | 2 {}\nconst c = a as true;";
  expect(made(text)).toEqual([]);
});

it('names each by what it is in and what it changes, and no two alike', () => {
  const text = 'const f = () => {\n  g();\n  g();\n  return a < 1;\n};';
  expect(mutantsOf(text).map(({ name }) => name)).toEqual([
    'f: returns at once',
    'f: without g();',
    'f: without g(); #2',
    'f: a < 1 → !(a < 1)',
    'f: return a «<» 1;, with <=',
  ]);
});
