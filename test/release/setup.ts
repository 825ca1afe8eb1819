import { ensurePrograms } from '../../src/lab/ensure-programs.js';
import { run } from '../../src/platform/exec.js';

export default function setup(): Promise<void> {
  return ensurePrograms({
    names: ['aarch64-linux-gnu-strip', 'groff', 'man', 'qemu-aarch64-static', 'x86_64-linux-gnu-strip'],
    install: true,
    run,
    log: (text) => console.error(text),
  });
}
