import type { TestProject } from 'vitest/node';
import { ensurePrograms } from '../../src/lab/ensure-programs.js';
import { run } from '../../src/platform/exec.js';
import { debianNamed } from './debian.js';
import { fetchRoot } from './image.js';
import { fetchPackages } from './packages.js';

/** Before a project's first test: its Debian and the agent's packages are there. */
export default async function setup(project: TestProject): Promise<void> {
  const log = (text: string) => console.error(text);
  const strip = process.arch === 'arm64' ? 'aarch64-linux-gnu-strip' : 'x86_64-linux-gnu-strip';
  await ensurePrograms({ names: ['debootstrap', 'systemd-nspawn', strip], install: true, run, log });
  await fetchRoot(run, debianNamed(project.config.env['MOENET_SUITE']), log);
  project.provide('packages', await fetchPackages(log));
}

declare module 'vitest' {
  export interface ProvidedContext {
    packages: Awaited<ReturnType<typeof fetchPackages>>;
  }
}
