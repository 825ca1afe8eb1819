/** What the control plane speaks, as the configuration of the tests says; the agent is not told. */
export const dialect = process.env['MOENET_TEST_DIALECT'] ?? 'documented';

const statusWords: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  documented: { 0: 'deleted', 1: 'active', 2: 'error', 6: 'setup failed' },
  'moenet-core': { 0: 'deleted', 2: 'active', 6: 'error' },
};

/** What a `modify` says of a session, by the number that each dialect has for it. */
export function statusWord(code: unknown): string | undefined {
  return statusWords[dialect]?.[Number(code)];
}
