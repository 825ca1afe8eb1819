import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { version } from '../../platform/self.js';
import type { Source } from '../source.js';

/** The program, the machine, and who asks. */
export const about: Source = {
  name: 'about.json',
  limitMs: 5_000,
  collect: async ({ now, configFile }) => [
    {
      file: 'about.json',
      document: {
        version,
        node: process.version,
        program: process.execPath,
        made: new Date(now()).toISOString(),
        host: os.hostname(),
        platform: `${os.platform()} ${os.release()} ${os.arch()}`,
        distribution: distributionIn(await readFile('/etc/os-release', 'utf8').catch(() => '')),
        user: process.geteuid?.(),
        uptimeSeconds: Math.round(os.uptime()),
        processors: os.availableParallelism(),
        load: os.loadavg(),
        memoryBytes: { total: os.totalmem(), free: os.freemem() },
        configFile,
      },
    },
  ],
};

function distributionIn(text: string): string | undefined {
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(text)?.[1];
}
