import { BaseSequencer, type TestSpecification } from 'vitest/node';

// A long file that starts last would have the machine to itself at the end. A new machine has no times of former runs.
const longest = [
  'kill-steps',
  'kill-random',
  'slow-control-plane',
  'dns',
  'control-plane',
  'signals',
  'machine',
  'crowd',
  'bird',
  'state',
  'disk',
  'lab',
  'adoption',
  'agent',
  'soak-agent',
  'self-repair',
  'fuzz-agent',
  'lab-unprivileged',
  'crash-points',
  'local-api',
  'ibgp-over-mesh',
  'topologies',
  'recovery',
  'unread-wireguard',
  'soft-changes',
  'session-options',
  'restart',
  'hostile-input',
  'kernel-table',
  'local-files',
  'reachable-neighbors',
  'bgp-options',
  'commit',
  'saved-roas',
  'put-back',
  'render-preference',
];

// A process serves the files of one project, and ends where the next file is another’s: a new one loads everything again, which takes it
// longer than most files take. What waits comes first, and what only computes last.
const projects = ['e2e-moenet-core', 'e2e', 'integration', 'unit'];

/** Starts the files of one project after another; in each those that take longest first, and all others after them by name. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted(
      (a, b) =>
        projects.indexOf(a.project.name) - projects.indexOf(b.project.name) ||
        rank(a) - rank(b) ||
        (a.moduleId < b.moduleId ? -1 : 1),
    );
  }
}

function rank({ moduleId }: TestSpecification): number {
  const name = /([^/]+)\.test\.ts$/.exec(moduleId)?.[1] ?? '';
  const place = longest.indexOf(name);
  return place === -1 ? longest.length : place;
}
