import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Listening, listen } from '../../http/server.js';
import type { LabMessage } from '../story/messages.js';
import { labApp } from './lab-app.js';
import { openStoryStream } from './story-stream.js';

/** The lab's page, served by the process that stays in the machine's network. */
export interface LabPage {
  readonly address: string;
  /** Shows what the process inside tells; `insidePid`: its process id on this machine, once that is known. */
  follow(lines: Readable, insidePid: Promise<number>): void;
  /** Says on all open pages that the lab is gone, and ends. */
  end(why: string): Promise<void>;
}

const loopback = '127.0.0.1';
const readersSocket = '/run/moenet-agent/read.sock';
/** For browsers to take the last words. */
const graceMs = 1000;

/** Undefined for a line that was cut off by the end of the process inside. */
function readMessage(line: string): LabMessage | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Serves the page on the loopback, at a free port where `port` is 0. Throws where it cannot, with what to do. */
export async function serveLabPage(port: number): Promise<LabPage> {
  const stream = openStoryStream();
  const sockets = new Map<string, string>();
  const app = labApp(stream, (name) => sockets.get(name));
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
    follow: (lines, insidePid) => {
      createInterface({ input: lines }).on('line', async (line) => {
        const message = readMessage(line);
        if (!message) return;
        stream.tell(message);
        if (message.kind !== 'hosts') return;
        const pid = await insidePid;
        // Through the mounts of the process inside to those of the node. A unix socket belongs to a file, not to a network.
        for (const [name, hostPid] of Object.entries(message.pids))
          sockets.set(name, `/proc/${pid}/root/proc/${hostPid}/root${readersSocket}`);
      });
      lines.on('error', () => {});
    },
    end: async (why) => {
      stream.tell({ kind: 'ended', why });
      stream.close();
      await server.close(graceMs);
    },
  };
}
