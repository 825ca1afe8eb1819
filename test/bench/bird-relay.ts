import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** A command that BIRD was given on its control socket. */
export interface BirdCommand {
  readonly atMs: number;
  readonly text: string;
}

/** A control socket that hands everything on to BIRD's, and writes the commands down. */
export interface BirdRelay {
  readonly commands: readonly BirdCommand[];
  close(): Promise<void>;
}

export async function openBirdRelay(socket: string, birdSocket: string): Promise<BirdRelay> {
  const commands: BirdCommand[] = [];
  const server = createServer((agent) => {
    const bird = createConnection(birdSocket);
    agent.pipe(bird).pipe(agent);
    createInterface({ input: agent })
      .on('line', (text) => commands.push({ atMs: Date.now(), text }))
      // It has the socket's errors, too, and throws what nobody hears.
      .on('error', () => undefined);
    for (const [one, other] of [
      [agent, bird],
      [bird, agent],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(socket);
  await once(server, 'listening');
  return {
    commands,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** Whether the command makes BIRD read a configuration and no more. */
export function isCheck({ text }: BirdCommand): boolean {
  return text.startsWith('configure check');
}

/** Whether the command makes BIRD load a configuration. */
export function isLoad(command: BirdCommand): boolean {
  return /^configure($| soft| timeout| ")/.test(command.text) && !isCheck(command);
}
