import { runCli } from './cli/run-cli.js';
import { processIo } from './platform/process-io.js';
import { version } from './platform/self.js';
import { commands } from './wire/commands.js';

// Not top-level await: the single executable is no ES module.
void runCli(process.argv.slice(2), version, processIo(), commands).then((exitCode) => {
  process.exitCode = exitCode;
});
