import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { health } from '../../../src/http/answers.js';
import { localRoutes } from '../../../src/http/listen-local.js';
import { operationRoute } from '../../../src/http/operation-route.js';
import { type Handlers, operationNames } from '../../../src/shell/daemon-api.js';
import { healthOf } from '../../../src/telemetry/health.js';
import { badStatus, goodStatus } from '../../fakes/node-status.js';
import { openApiOf } from '../../openapi.js';

// The routes are only read, never called.
const local = localRoutes({} as never, () => false);
const control = operationNames.map((name) => operationRoute(name, {} as Handlers));

const documents = {
  'docs/openapi.json': openApiOf(local, {
    title: "moenet-agent: the node's HTTP API",
    description: 'What `server.listen` answers. Other statuses than 200: 400, 401, 404, 405, 429, 500, 503.',
    server: 'http://127.0.0.1:24368',
    hasToken: true,
    openPaths: ['/health'],
  }),
  'docs/openapi-control-socket.json': openApiOf(control, {
    title: 'moenet-agent: the control socket',
    description:
      'HTTP on the unix socket `/run/moenet-agent/agent.sock`; `read.sock` beside it takes only GET. It may change with the version: scripts call the commands with `--json`.',
    server: 'http://localhost',
    hasToken: false,
  }),
};

describe.each(Object.entries(documents))('%s', (path, document) => {
  it('is what the routes say; `npx vitest run --config test/vitest.config.ts test/unit/http/openapi.test.ts -u` writes it', async () => {
    const text = `${JSON.stringify(document, undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot(`../../../${path}`);
  });

  it('is a valid OpenAPI 3.1 document', async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });
});

it('says of GET /health what it answers', () => {
  for (const status of [goodStatus, badStatus])
    expect(health.strict().parse(healthOf(status))).toEqual(healthOf(status));
});
