// Loaded into the daemon before its program: while the FIFO is there, whatever writes below a directory, and with $STALL_READS
// also what reads there, waits in open(2), on one of Node's threads, as on a disk that does not answer.
import { existsSync, promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { STALL_BELOW: below, STALL_FIFO: fifo, STALL_READS: reads } = process.env;
const { open } = promises;

function stalling(original, isWrite = () => true) {
  return async (path, ...rest) => {
    if (String(path).startsWith(below) && isWrite(...rest) && existsSync(fifo))
      await (await open(fifo, 'r')).close();
    return original(path, ...rest);
  };
}

for (const name of ['mkdir', 'writeFile', 'rename']) promises[name] = stalling(promises[name]);
promises.open = stalling(
  open,
  (flags = 'r') => reads !== undefined || (typeof flags === 'string' && flags !== 'r'),
);
syncBuiltinESMExports();
