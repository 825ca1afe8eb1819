// Preloaded into the agent (`node --require`): writes down each program that it starts, with the time, and at its end what
// it used itself. It sees what Node asks of the kernel, so that no PATH hides a program, and one that does not start is none.
const { ChildProcess } = require('node:child_process');
const { openSync, writeSync } = require('node:fs');

const file = openSync(process.env.BENCH_PROGRAMS, 'a');
delete process.env.BENCH_PROGRAMS;
const { spawn } = ChildProcess.prototype;

ChildProcess.prototype.spawn = function recorded(options) {
  const failure = spawn.call(this, options);
  if (this.pid !== undefined) writeSync(file, `${Date.now()} ${options.args.slice(0, 2).join(' ')}\n`);
  return failure;
};

process.on('exit', () => writeSync(file, `peak ${process.resourceUsage().maxRSS}\n`));
