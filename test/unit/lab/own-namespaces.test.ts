import { expect, it } from 'vitest';
import { CannotRunError, userNamespace } from '../../../src/lab/own-namespaces.js';
import { ProgramError, type Run } from '../../../src/platform/exec.js';

const refusal = 'unshare: unshare failed: Operation not permitted';

/** A kernel that makes namespaces for whom `allows` says so. */
function kernel(allows: (isUser: boolean) => boolean): Run {
  return async (program, args) => {
    if (allows(args.includes('--user'))) return { stdout: '', stderr: '', exitCode: 0 };
    const message = `${program}: ${refusal}`;
    throw new ProgramError({ program, exitCode: 1, stderr: `${refusal}\n`, missing: false, message });
  };
}

it.each([
  ['root makes them as root', true, () => true, []],
  [
    'root of a container makes them as a user',
    true,
    (isUser: boolean) => isUser,
    ['--user', '--map-root-user'],
  ],
  ['a user makes them as a user', false, () => true, ['--user', '--map-root-user']],
])('%s', async (_, isRoot, allows, wanted) => {
  expect(await userNamespace(kernel(allows), isRoot)).toEqual(wanted);
});

it.each([
  ['root', true],
  ['this user', false],
])('says in the words of unshare that %s gets none', async (who, isRoot) => {
  const failure = await userNamespace(
    kernel(() => false),
    isRoot,
  ).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CannotRunError);
  expect(String(failure)).toContain(`it gives ${who} no namespaces (${refusal})`);
});
