#!/usr/bin/env node
// A Node that is too old for the rest of the program must be able to read this file: it has no import, and old syntax only.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  void import('./start.js');
} else {
  process.exitCode = 1;
  process.stderr.write(
    `moenet-agent: Node ${process.versions.node} (${process.execPath}) is too old. Install Node 20.19 or newer; moenet-agent's Debian package and its single executable need none.\n`,
  );
}
