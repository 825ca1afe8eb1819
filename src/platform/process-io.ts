import { troubleshootingPage } from './troubleshooting-page.js';

/** The process's own streams, environment, directory, clock and signals. */
export function processIo() {
  // The reader of `moenet-agent status | head` has gone: that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    keyboard: () => process.stdin,
    env: process.env,
    cwd: workingDirectory(),
    now: () => Date.now(),
    troubleshootingPage: () => troubleshootingPage(),
    untilInterrupted,
  };
}

/** Where it is gone the process goes on in `/`: relative paths would lead nowhere. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    process.chdir('/');
    return '/';
  }
}

function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  // Not `once`: signal-exit (child.ts) ends the process at a signal that nobody else listens to any more.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}
