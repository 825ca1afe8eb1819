#!/usr/bin/env node
import { runCli } from './cli/run-cli.js';
import { version } from './platform/package-directory.js';
import { processIo } from './platform/process-io.js';
import { adopt, readAdoption } from './wire/adopt.js';
import {
  askAdopt,
  askAdoption,
  askMaintenance,
  askResync,
  askSetMaintenance,
  askStatus,
  askSwitchSession,
} from './wire/ask.js';
import { readMaintenance, setMaintenance } from './wire/maintenance.js';
import { runOnce } from './wire/once.js';
import { makePlan } from './wire/plan.js';
import { runDaemon } from './wire/run-daemon.js';
import { switchSession } from './wire/switch-session.js';

process.exitCode = await runCli(process.argv.slice(2), version, processIo(), {
  runDaemon,
  runOnce,
  makePlan,
  askStatus,
  askResync,
  askMaintenance,
  askSetMaintenance,
  readMaintenance,
  setMaintenance,
  askSwitchSession,
  switchSession,
  askAdoption,
  askAdopt,
  readAdoption,
  adopt,
});
