import type { TestProject } from 'vitest/node';
import { fetchRelease } from './fetch.js';
import { releaseNamed } from './releases.js';

/** Before a project's first test: its BIRD is there. */
export default async function setup(project: TestProject): Promise<void> {
  const release = releaseNamed(project.config.env['MOENET_BIRD'] ?? '');
  console.error(`${project.name}: ${release.directory}`);
  await fetchRelease(release);
}
