import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The address that a lab prints. Its other lines are read, too, so that it can go on. */
export async function addressIn({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the lab has no output');
  const lines = createInterface({ input: stdout });
  return new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const [, found] = /^The lab's page: (http:\/\/127\.0\.0\.1:\d+\/)$/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
}
