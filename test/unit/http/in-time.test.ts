import { expect, it } from 'vitest';
import { stillAtIt } from '../../../src/http/in-time.js';
import { inTime } from '../../../src/platform/in-time.js';

it('has the result where it comes in time, also that there is none', async () => {
  expect(await inTime(1_000, Promise.resolve(7))).toEqual({ value: 7 });
  expect(await inTime(1_000, Promise.resolve(undefined))).toEqual({ value: undefined });
  await expect(inTime(1_000, Promise.reject(new Error('x')))).rejects.toThrow('x');
});

it('waits no longer, and lets the task end by itself, also badly', async () => {
  let fail: (error: Error) => void = () => undefined;
  const task = new Promise<never>((_, reject) => {
    fail = reject;
  });
  expect(await inTime(5, task)).toBe(undefined);
  fail(new Error('later'));
  await expect(task).rejects.toThrow('later');
});

it('says that it goes on', () => {
  expect(stillAtIt).toThrow('the agent is still working on it; see moenet-agent status');
});
