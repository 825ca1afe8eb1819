import { run } from './exec.js';
import { connectServiceManager } from './service-manager.js';

// A process has one service manager, found in its environment once.
const { ready, progress, reloading, stopping } = connectServiceManager(process.env, run, (error) => {
  // <4>: a warning, for journald (sd-daemon(3)).
  process.stderr.write(
    `<4>systemd cannot be told: ${error instanceof Error ? error.message : String(error)}\n`,
  );
});

export {
  progress as notifyProgress,
  ready as notifyReady,
  reloading as notifyReloading,
  stopping as notifyStopping,
};
