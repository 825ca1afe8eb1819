import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { openTools } from '../../../../src/adapters/tools/open-tools.js';
import { parseHostTarget } from '../../../../src/core/lookups/target.js';
import type { Run } from '../../../../src/platform/exec.js';
import type { Resolver } from '../../../../src/shell/ports/host.js';

const { signal } = new AbortController();
let ran: { readonly program: string; readonly args: readonly string[] }[] = [];
let answers: Readonly<Record<string, readonly string[]>> = {};

const run: Run = async (program, args) => {
  ran.push({ program, args });
  return { stdout: `${program} says\n`, stderr: '', exitCode: 0 };
};
const resolver: Resolver = {
  unresolved: () => [],
  resolve: async (names: readonly string[]) =>
    new Map(names.flatMap((name) => (answers[name] ? [[name, answers[name]] as const] : []))),
};
const tools = openTools({ run, resolver, servers: ['127.0.0.1:1'] });

beforeEach(() => {
  ran = [];
  answers = {};
});

it('gives ping and traceroute the address alone, behind the end of the options', async () => {
  await tools.ping(parseHostTarget('172.20.0.53'), signal);
  await tools.trace(parseHostTarget('fe80::1%wg_24001'), signal);
  expect(ran.map(({ program, args }) => [program, args[0], ...args.slice(-2)])).toEqual([
    ['ping', '-4', '--', '172.20.0.53'],
    ['traceroute', '-6', '--', 'fe80::1%wg_24001'],
  ]);
});

it('finds the address of a name by itself, and says so', async () => {
  answers = { 'host.example': ['2001:db8::1'] };
  expect(await tools.ping(parseHostTarget('host.example'), signal)).toBe(
    'host.example (2001:db8::1)\nping says',
  );
  expect(ran[0]?.args.slice(-2)).toEqual(['--', '2001:db8::1']);
});

it('runs nothing where a name has no address', async () => {
  expect(await tools.ping(parseHostTarget('host.example'), signal)).toBe('host.example has no address');
  expect(await tools.trace(parseHostTarget('host.dn42'), signal)).toBe('host.dn42 has no address');
  expect(ran).toEqual([]);
});

it('passes over addresses that must not be asked', async () => {
  answers = { 'host.example': ['127.0.0.1', 'fe80::1', '172.20.0.53'], 'inside.example': ['127.0.0.1'] };
  await tools.ping(parseHostTarget('host.example'), signal);
  expect(ran[0]?.args.at(-1)).toBe('172.20.0.53');
  await expect(tools.ping(parseHostTarget('inside.example'), signal)).rejects.toMatchObject({
    name: 'TargetError',
    message: 'inside.example: 127.0.0.1 is a loopback address',
  });
});

it('whatever a resolver says, only an address reaches a program', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.ipV4(), fc.ipV6()), async (answer) => {
      ran = [];
      answers = { 'host.example': [answer] };
      await tools.ping(parseHostTarget('host.example'), signal).catch(() => undefined);
      for (const { args } of ran) expect(args.at(-1)).toMatch(/^[0-9a-f.:]+$/);
    }),
  );
});

it('says why a name server gives nothing', async () => {
  const text = await tools.dig({ name: 'burble.dn42', type: 'A' }, signal);
  expect(text).toMatch(/^; burble\.dn42 A, asked of 127\.0\.0\.1:1\n; no name server /);
});

it('stops when nobody waits any more', async () => {
  const stopped = AbortSignal.abort(new Error('gone'));
  await expect(tools.dig({ name: 'burble.dn42', type: 'A' }, stopped)).rejects.toThrow('gone');
  await expect(tools.tcping({ host: parseHostTarget('192.0.2.1'), port: 80 }, stopped)).rejects.toThrow(
    'gone',
  );
});
