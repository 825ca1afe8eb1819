#!/usr/bin/env node
import { runCli } from './cli/run-cli.js';
import { version } from './platform/package-directory.js';
import { processIo } from './platform/process-io.js';
import { commands } from './wire/commands.js';

process.exitCode = await runCli(process.argv.slice(2), version, processIo(), commands);
