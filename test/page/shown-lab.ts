import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { openBrowser, openTab, type Tab } from './browser.js';

/** A lab that runs, and a browser with a tab for its page. */
export interface ShownLab {
  readonly lab: ChildProcess;
  readonly address: string;
  readonly browser: Browser;
  readonly tab: Tab;
  close(): Promise<void>;
}

/** Starts `moenet-agent lab` with these options. */
export async function showLab(...options: readonly string[]): Promise<ShownLab> {
  const lab = spawn(process.execPath, ['dist/main.js', 'lab', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await addressIn(lab);
  const browser = await openBrowser();
  const tab = await openTab(browser, address);
  return {
    lab,
    address,
    browser,
    tab,
    close: async () => {
      if (lab.exitCode === null) {
        lab.kill('SIGINT');
        await once(lab, 'exit');
      }
      await browser.close();
    },
  };
}

/** The address that a lab prints. Its other lines are read, too, so that it can go on. */
async function addressIn({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the lab has no output');
  const lines = createInterface({ input: stdout });
  return new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const [, found] = /^The lab's page: (http:\/\/127\.0\.0\.1:\d+\/)$/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
}
