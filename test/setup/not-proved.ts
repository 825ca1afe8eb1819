import { whyNotHere } from './needs-namespaces.js';

/** Says at the end what the skipped files are, which is easy to overlook. */
export default function setup(): () => void {
  return () =>
    console.warn(
      `Tests of real programs were skipped and prove nothing here: this machine cannot run them, ${whyNotHere()}.`,
    );
}
