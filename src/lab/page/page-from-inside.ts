import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { LabMessage } from '../story/messages.js';
import { askNodePage } from './node-proxy.js';
import { type LabPage, serveLabPage } from './serve-lab-page.js';

/** The page of a lab in namespaces, served by the process that stays in the machine's network. */
export interface PageFromInside extends Pick<LabPage, 'address' | 'end'> {
  /** Shows what the process inside tells; `insidePid`: its process id on this machine, once that is known. */
  follow(lines: Readable, insidePid: Promise<number>): void;
}

const readersSocket = '/run/moenet-agent/read.sock';

/** Undefined for a line that was cut off by the end of the process inside. */
function readMessage(line: string): LabMessage | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Serves the page as `serveLabPage` does. */
export async function servePageFromInside(port: number): Promise<PageFromInside> {
  const sockets = new Map<string, string>();
  const { address, tell, end } = await serveLabPage(port, (name, path, request) => {
    const socket = sockets.get(name);
    return socket === undefined ? undefined : askNodePage(name, socket, path, request);
  });
  return {
    address,
    end,
    follow: (lines, insidePid) => {
      createInterface({ input: lines }).on('line', async (line) => {
        const message = readMessage(line);
        if (!message) return;
        tell(message);
        if (message.kind !== 'hosts') return;
        const pid = await insidePid;
        // Through the mounts of the process inside to those of the node. A unix socket belongs to a file, not to a network.
        for (const [name, hostPid] of Object.entries(message.pids))
          sockets.set(name, `/proc/${pid}/root/proc/${hostPid}/root${readersSocket}`);
      });
      lines.on('error', () => {});
    },
  };
}
