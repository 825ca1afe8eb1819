import { request } from 'node:http';
import { Readable } from 'node:stream';
import { HttpError } from '../../http/server.js';

/** Of a node's answer, what the browser gets. Each page sets its own policy besides. */
const passedOn = ['content-type', 'content-encoding', 'cache-control', 'etag', 'vary'] as const;
/** Of the browser's request, what the node gets. */
const asked = ['accept', 'accept-encoding', 'if-none-match', 'last-event-id'] as const;

/**
 * Asks the page of a node, which is at a unix socket; `path` with its query is the node's own. Throws `HttpError` 503 where nobody
 * listens there.
 */
export function askNodePage(
  name: string,
  socketPath: string,
  path: string,
  { headers, signal }: Pick<Request, 'headers' | 'signal'>,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = Object.fromEntries(
      asked.flatMap((header) => {
        const value = headers.get(header);
        return value === null ? [] : [[header, value]];
      }),
    );
    const call = request(
      { socketPath, path, method: 'GET', headers: { ...sent, host: 'localhost' }, signal, agent: false },
      (answer) => {
        const { statusCode: status = 502 } = answer;
        const shown = passedOn.flatMap((header): [string, string][] => {
          const value = answer.headers[header];
          return value === undefined ? [] : [[header, value]];
        });
        const isEmpty = status === 204 || status === 304;
        if (isEmpty) answer.resume();
        // The node ended in the middle of an answer: the browser sees that by its end.
        answer.on('error', () => {});
        const body = isEmpty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
        resolve(new Response(body, { status, headers: shown }));
      },
    );
    call.on('error', () =>
      reject(
        new HttpError(
          503,
          `the agent of ${name} does not answer: it starts or has ended; try again in a moment`,
        ),
      ),
    );
    call.end();
  });
}
