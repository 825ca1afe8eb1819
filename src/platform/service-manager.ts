import { writeSync } from 'node:fs';
import { type Run, run } from './exec.js';

/** Messages to the service manager (sd_notify(3)). None of them rejects; without systemd they do nothing. */
export interface ServiceManager {
  /** Start or reload is complete. */
  ready(): Promise<void>;
  /**
   * The daemon makes progress: resets the watchdog (WatchdogSec=). Call it at any rate; systemd gets at most four messages per
   * WatchdogSec, because each message starts a program.
   */
  progress(): void;
  /** The line in `systemctl status`. The same line is not sent twice: each message starts a program. */
  status(text: string): Promise<void>;
  /** The daemon reads its configuration again; `ready` ends it. */
  reloading(): Promise<void>;
  /** The process is about to end. systemd then waits for the end, so do not send it at a reload. */
  stopping(): Promise<void>;
}

/**
 * Connects to the service manager named in `env`. Node has no unix datagram sockets, and packages that add them must be compiled
 * on the router: so the unit opens the socket (`MOENET_NOTIFY_FD`), and the messages are this process's own. In a unit that does
 * not, they go through systemd-notify(1), for which it needs `NotifyAccess=all`. Removes the names from `env`, so that no program
 * of the agent speaks in its name. A message that cannot be sent goes to `onError`.
 */
export function connectServiceManager(
  env: Record<string, string | undefined>,
  run: Run,
  onError: (error: unknown) => void,
): ServiceManager {
  const socket = take(env, 'NOTIFY_SOCKET');
  const descriptor = take(env, 'MOENET_NOTIFY_FD');
  const watchdogMs = parseWatchdog(take(env, 'WATCHDOG_USEC'), take(env, 'WATCHDOG_PID'));
  let toldMs = Number.NEGATIVE_INFINITY;
  let isStopping = false;
  let shown: string | undefined;
  // One after the other: READY=1 must not overtake RELOADING=1.
  let last = Promise.resolve();
  const send = (...assignments: string[]) => {
    const now = async () => {
      // One datagram.
      if (descriptor !== undefined) writeSync(Number(descriptor), assignments.join('\n'));
      else if (socket) await notify(run, socket, assignments);
    };
    if (descriptor !== undefined || socket) last = last.then(now).catch(onError);
    return last;
  };
  return {
    ready: () => send('READY=1'),
    progress: () => {
      const nowMs = performance.now();
      if (!watchdogMs || isStopping || nowMs - toldMs < watchdogMs / 4) return;
      toldMs = nowMs;
      void send('WATCHDOG=1');
    },
    status: (text) => {
      if (text === shown) return last;
      shown = text;
      return send(assignStatus(text));
    },
    reloading: () => send('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    stopping: () => {
      isStopping = true;
      return send('STOPPING=1');
    },
  };
}

async function notify(run: Run, socket: string, assignments: readonly string[]): Promise<void> {
  await run('systemd-notify', assignments, { env: { NOTIFY_SOCKET: socket }, timeoutMs: 10_000 });
}

function take(env: Record<string, string | undefined>, name: string): string | undefined {
  const value = env[name];
  delete env[name];
  return value || undefined;
}

/** Milliseconds. The watchdog is only for the process `WATCHDOG_PID` (sd_watchdog_enabled(3)). */
function parseWatchdog(usec: string | undefined, pid: string | undefined): number | undefined {
  const ms = Number(usec) / 1000;
  return ms > 0 && (pid === undefined || Number(pid) === process.pid) ? ms : undefined;
}

/** A line end would start another assignment. */
function assignStatus(text: string): string {
  return `STATUS=${text.replace(/\p{Cc}+/gu, ' ')}`;
}

// A process has one service manager, found in its environment once.
const { ready, progress, status, reloading, stopping } = connectServiceManager(process.env, run, (error) => {
  // <4>: a warning, for journald (sd-daemon(3)).
  process.stderr.write(
    `<4>the agent cannot notify systemd: ${error instanceof Error ? error.message : String(error)}\n`,
  );
});

export {
  progress as notifyProgress,
  ready as notifyReady,
  reloading as notifyReloading,
  status as notifyStatus,
  stopping as notifyStopping,
};
