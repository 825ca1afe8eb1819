import { inspect } from 'node:util';
import { afterEach, expect } from 'vitest';
import { noArchive } from '../../../../src/adapters/control-plane/archive.js';
import {
  type ControlPlaneOptions,
  openControlPlane,
} from '../../../../src/adapters/control-plane/open-control-plane.js';
import { Secret } from '../../../../src/core/model/values/secret.js';
import { ControlPlaneError } from '../../../../src/shell/ports/control-plane-error.js';
import { type Answer, type LoopbackServer, openServer, sendJson } from './loopback-server.js';

export const token = 'S3cret/token+with~signs';

const shortLimits = {
  connectTimeoutMs: 5000,
  headersTimeoutMs: 5000,
  bodyTimeoutMs: 5000,
  totalTimeoutMs: 5000,
  maxBodyBytes: 2 * 1024 * 1024,
  retries: 0,
  minRetryMs: 5,
  maxRetryMs: 60,
};

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** What is closed after the test. */
export function closedAfterTest<T extends { close(): Promise<void> }>(opened: T): T {
  cleanups.push(() => opened.close());
  return opened;
}

/** A server that is closed after the test. */
export async function serve(answer: Answer): Promise<LoopbackServer> {
  return closedAfterTest(await openServer(answer));
}

/** A client in the documented dialect, closed after the test, whose time limits are short. */
export function open(apiUrl: string, changes: Partial<ControlPlaneOptions> = {}) {
  const { limits, ...options } = changes;
  return closedAfterTest(
    openControlPlane({
      apiUrl,
      nodeName: 'jp1',
      token: new Secret(token),
      requestsPerMinute: 60_000,
      dialect: 'documented',
      archive: noArchive,
      limits: { ...shortLimits, ...limits },
      ...options,
    }),
  );
}

/** The error that a call ends with, in which the token must not be. */
export async function failureOf(call: Promise<unknown>): Promise<ControlPlaneError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ControlPlaneError)) throw error;
  expect(inspect(error, { depth: 20, showHidden: true }).toLowerCase()).not.toContain(token.toLowerCase());
  return error;
}

export const noSessions: Answer = (response) => sendJson(response, { sessions: [] });
