import type { z } from 'zod';
import type { Route } from '../src/http/server.js';
import { jsonSchemaOf } from '../src/shell/json-schema.js';

/** The OpenAPI 3.1 document of these routes. `openPaths` need no token; without a `token` none does. */
export function openApiOf(
  routes: readonly Route[],
  about: {
    readonly title: string;
    readonly description: string;
    readonly server: string;
    readonly hasToken: boolean;
    readonly openPaths?: readonly string[];
  },
) {
  const { title, description, server, hasToken, openPaths = [] } = about;
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const isOpen = hasToken && openPaths.includes(route.path);
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: {
        ...operationOf(route),
        ...(isOpen ? { security: [{}, { token: [] }] } : {}),
      },
    };
  }
  const token = { type: 'http', scheme: 'bearer', description: "the node's token" };
  return {
    openapi: '3.1.0',
    // A document of the form, not of a version: that stands in the answers.
    info: { title, version: '1', description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: server }],
    paths,
    components: {
      ...(hasToken ? { securitySchemes: { token } } : {}),
      schemas: { Error: { type: 'object', required: ['error'], properties: { error: { type: 'string' } } } },
    },
    security: hasToken ? [{ token: [] }] : [],
  };
}

function operationOf({ method, path, told }: Route) {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const query = method === 'GET' && told.request ? queryOf(told.request) : [];
  const parameters = [...inPath, ...query];
  return {
    summary: told.summary,
    operationId: `${method.toLowerCase()}${path.replace(/\W+(\w)/g, (_, first: string) => first.toUpperCase())}`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(method === 'POST' && told.request ? { requestBody: { content: jsonOf(told.request) } } : {}),
    responses: {
      200: { description: 'done', content: contentOf(told.answer) },
      default: {
        description: 'an error',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

function queryOf(request: z.ZodType) {
  const { properties = {}, required = [] } = jsonSchemaOf(request) as {
    properties?: Record<string, { description?: string }>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

function contentOf(answer: z.ZodType | string) {
  return typeof answer === 'string' ? { [answer]: { schema: { type: 'string' } } } : jsonOf(answer);
}

function jsonOf(schema: z.ZodType) {
  const { $schema: _, ...rest } = jsonSchemaOf(schema);
  return { 'application/json': { schema: rest } };
}
