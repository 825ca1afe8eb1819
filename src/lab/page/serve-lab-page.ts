import { type Listening, listen } from '../../http/server.js';
import type { LabMessage } from '../story/messages.js';
import { type AskNode, labApp } from './lab-app.js';
import { openStoryStream } from './story-stream.js';

/** The lab's page, served on the machine's loopback. */
export interface LabPage {
  readonly address: string;
  tell(message: LabMessage): void;
  /** Says on all open pages that the lab is gone, and ends. */
  end(why: string): Promise<void>;
}

const loopback = '127.0.0.1';
/** For browsers to take the last words. */
const graceMs = 1000;

/** Serves the page on the loopback, at a free port where `port` is 0. Throws where it cannot, with what to do. */
export async function serveLabPage(port: number, askNode: AskNode): Promise<LabPage> {
  const stream = openStoryStream();
  const app = labApp(stream, askNode);
  let server: Listening;
  try {
    server = await listen(app, { port, host: loopback });
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'another program uses that port' : cause;
    throw new Error(
      `cannot serve the lab's page at ${loopback}:${port}: ${why}. Choose another with --page-port, or --no-page`,
      { cause },
    );
  }
  return {
    address: `http://${loopback}:${server.port}/`,
    tell: (message) => stream.tell(message),
    end: async (why) => {
      stream.tell({ kind: 'ended', why });
      stream.close();
      await server.close(graceMs);
    },
  };
}
