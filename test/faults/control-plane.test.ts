import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultyNode, openFaultyNode } from './faulty-node.js';
import { survives, untilHealthy } from './trial.js';

let node: FaultyNode;
beforeAll(async () => {
  node = await openFaultyNode('jp1');
  await untilHealthy(node);
});
afterAll(() => node?.close());

const faults: readonly (readonly [string, RegExp])[] = [
  ['refused', /refuses the connection/],
  ['breaks off in the body', /broke off in the answer/],
  ['401', /401, the control plane refuses this node's token/],
  ['403', /403, the control plane refuses this node's token/],
  ['404', /404, the control plane does not know/],
  ['429', /429, too many requests/],
  ['429 with Retry-After: 2', /429, too many requests, it asks to wait 2 s/],
  ['429 with Retry-After: 3600', /429, too many requests, it asks to wait 3600 s/],
  ['500', /500, the control plane failed/],
  ['502 with an HTML page', /502, the control plane failed/],
  ['truncated JSON', /is not JSON, or not all of it/],
  ['an HTML page with 200', /is not JSON, or not all of it/],
  ['wrong types', /is a list, not an object/],
  ['sessions that are no list', /sessions is a string, not a list/],
  ['sessions with wrong values', /"on" is none of the documented protocol/],
  ['100 MB body', /larger than an answer may be/],
  ['redirect to another host', /redirects to 127\.0\.0\.2:18081, not followed/],
  ['certificate', /TLS with 127\.0\.0\.1:18443 failed/],
];

describe('control plane', () => {
  it.for(faults)('%s', async ([fault, named], { task }) => {
    task.meta.finding = await survives(node, {
      named,
      inject: () => node.setFault(fault),
      end: () => node.setFault(undefined),
    });
    expect(existsSync(node.path('other-host.log'))).toBe(false);
    expect(JSON.stringify(node.log)).not.toContain('a-token-that-must-not-be-seen');
  });
});
