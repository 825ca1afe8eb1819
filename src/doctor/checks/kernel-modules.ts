import { access, readFile } from 'node:fs/promises';
import { release } from 'node:os';

/** True where the kernel has the module: loaded, built in, or to be loaded. Starts and loads nothing. */
export async function kernelHas(module: 'wireguard' | 'dummy'): Promise<boolean> {
  if (await access(`/sys/module/${module}`).then(yes, no)) return true;
  const lists = ['modules.builtin', 'modules.dep'].map((name) =>
    readFile(`/lib/modules/${release()}/${name}`, 'utf8').catch(() => ''),
  );
  return (await Promise.all(lists)).some((text) => new RegExp(`/${module}\\.ko`).test(text));
}

const yes = () => true;
const no = () => false;
