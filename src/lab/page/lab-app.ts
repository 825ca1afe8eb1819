import type { Context, Hono } from 'hono';
import { answerEvents } from '../../http/event-streams.js';
import { pageRoute, servesText } from '../../http/page-files.js';
import { pageGate } from '../../http/page-gate.js';
import { HttpError, type Route, routed } from '../../http/server.js';
import { type LabPageFiles, labPageFiles } from './lab-page-files.js';
import type { StoryStream } from './story-stream.js';

const texts: Readonly<Record<string, readonly [keyof LabPageFiles, string]>> = {
  '/': ['html', 'text/html'],
  '/page/lab.js': ['script', 'text/javascript'],
  '/page/app.css': ['style', 'text/css'],
  '/page/lab.css': ['labStyle', 'text/css'],
  '/page/icon.svg': ['icon', 'image/svg+xml'],
};

/** Asks the page of a node; `path` with its query is the node's own. Undefined for what is no node. Throws `HttpError` where it does not answer. */
export type AskNode = (name: string, path: string, request: Request) => Promise<Response> | undefined;

/** The page of the lab, and below `/nodes/NAME/` that of each node. */
export function labApp(stream: StoryStream, askNode: AskNode): Hono {
  const routes: readonly Route[] = [
    ...Object.entries(texts).map(([path, [name, type]]) =>
      pageRoute('GET', path, servesText(labPageFiles[name], type)),
    ),
    pageRoute('GET', '/page/live', (context) => answerEvents(context, stream.open())),
    pageRoute('GET', '/nodes/:name', (context) => context.redirect(`/nodes/${context.req.param('name')}/`)),
    pageRoute('GET', '/nodes/:name/*', (context) => nodePage(context, askNode)),
  ];
  // Nothing here is a secret, and nothing changes anything; the loopback needs no token.
  return routed(routes, pageGate({ listen: ['127.0.0.1'], open: [], isAllowed: () => true }));
}

function nodePage(context: Context, askNode: AskNode): Promise<Response> {
  const name = context.req.param('name') ?? '';
  const { pathname, search } = new URL(context.req.url);
  const answer = askNode(name, pathname.slice(`/nodes/${name}`.length) + search, context.req.raw);
  if (!answer) throw new HttpError(404, 'the lab has no such node, or has not started it yet');
  return answer;
}
