// Preloaded into the daemon (`node --import`): its clock is off by as many milliseconds as the file $CLOCK_SHIFT says,
// which may change at any time. With $TIME_PASSES that is time that has passed: the monotonic clock has it, too. Clocks are
// not of a namespace, and that of the machine is not ours to set; so BIRD, WireGuard and the time that a certificate is valid
// keep theirs.
import { existsSync, readFileSync } from 'node:fs';

const file = process.env.CLOCK_SHIFT;
const RealDate = Date;
const now = () => RealDate.now() + shiftMs;
const read = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
let shiftMs = read();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => new target(...(args.length === 0 ? [now()] : args)),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
if (process.env.TIME_PASSES) {
  const monotonic = performance.now.bind(performance);
  performance.now = () => monotonic() + shiftMs;
}
setInterval(() => {
  shiftMs = read();
}, 50).unref();
