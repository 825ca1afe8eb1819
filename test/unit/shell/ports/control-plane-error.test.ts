import { expect, it } from 'vitest';
import {
  ControlPlaneError,
  type FailureKind,
  failedAs,
  isAnswered,
  isRefusal,
} from '../../../../src/shell/ports/control-plane-error.js';

const failure = (kind: FailureKind) => new ControlPlaneError('POST modify', { kind, reason: kind });

it.each([
  ['unreachable', { answered: false, refusal: false }],
  ['timeout', { answered: false, refusal: false }],
  ['server-error', { answered: true, refusal: false }],
  ['not-json', { answered: true, refusal: false }],
  ['unknown-node', { answered: true, refusal: true }],
  ['rejected', { answered: true, refusal: true }],
] as const)('a call that fails as %s', (kind, { answered, refusal }) => {
  expect(isAnswered(failure(kind))).toBe(answered);
  expect(isRefusal(failure(kind))).toBe(refusal);
  expect(failedAs(kind, failure(kind))).toBe(true);
});

it('an error that only looks like a failed call is no answer of the control plane', () => {
  const other = Object.assign(new Error('stream closed'), { kind: 'rejected' });
  expect([isAnswered(other), isRefusal(other), failedAs('rejected', other)]).toEqual([false, false, false]);
});
