import { readdirSync, readFileSync } from 'node:fs';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { prefix } from './family.js';

/** How often the lag of the event loop is measured. */
const everyMs = 1_000;

/**
 * The usual metrics of a process (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics), and the lag of the
 * event loop. prom-client's own set wakes the process a hundred times a second for the lag: half a percent of a processor.
 */
export function watchProcess(registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number | undefined) =>
    new Gauge({
      name: `process_${name}`,
      help,
      registers: [registry],
      collect() {
        const value = read();
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the process, user and system.',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  const startSeconds = Math.round(Date.now() / 1000 - process.uptime());
  gauge('start_time_seconds', 'Unix time at which the process started.', () => startSeconds);
  gauge('resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  gauge('open_fds', 'Open file descriptors.', () =>
    // Without the one that reads the directory.
    known(() => readdirSync('/proc/self/fd').length - 1),
  );
  gauge('max_fds', 'The most file descriptors that may be open.', () =>
    known(() => Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])),
  );
  watchEventLoop(registry);
}

function watchEventLoop(registry: Registry): void {
  const lag = new Histogram({
    name: `${prefix}event_loop_lag_seconds`,
    help: 'How late a timer of one second fired: for so long the agent answered nobody.',
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [registry],
  });
  let dueMs = performance.now() + everyMs;
  setInterval(() => {
    const nowMs = performance.now();
    lag.observe(Math.max(0, nowMs - dueMs) / 1000);
    dueMs = nowMs + everyMs;
  }, everyMs).unref();
}

/** Undefined where the kernel does not say. */
function known(read: () => number): number | undefined {
  try {
    const value = read();
    return Number.isFinite(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
