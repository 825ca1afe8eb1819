import type { AnyLab } from '../any-lab.js';
import { postsOf } from '../control-plane/control-plane-state.js';
import type { Dialect } from '../control-plane/dialect.js';
import type { Condition } from '../wait.js';
import type { Step } from './step.js';

/** The control plane is upgraded while all runs: other paths, other shapes, and other numbers for the same statuses. */
export function changeDialect(lab: AnyLab): Step {
  const { controlPlane, controlPlaneServer, scenario } = lab;
  const to: Dialect = controlPlane.dialect === 'documented' ? 'moenet-core' : 'documented';
  let before = '';
  return {
    name: 'change the dialect in flight',
    done: `the control plane starts again, and speaks the ${to} dialect`,
    touches: [],
    act: async () => {
      before = statuses(lab);
      await controlPlaneServer.upgrade(to);
      return scenario.nodes.flatMap(({ name }) => [listReadIn(lab, name, to), toldIn(lab, name, to)]);
    },
    after: async () => ({
      story: [],
      checks: [
        {
          name: 'every session has the status that it had in the other dialect',
          node: scenario.nodes[0]?.name ?? '',
          test: async () => (statuses(lab) === before ? undefined : `${before}; then ${statuses(lab)}`),
        },
      ],
    }),
  };
}

/** The sessions with their statuses, and how often an agent has posted one. */
function statuses({ controlPlane }: AnyLab): string {
  const rows = [...controlPlane.sessions.values()].map(({ asn, status }) => `AS${asn} ${status}`);
  return `${rows.join(', ')}, told ${postsOf(controlPlane, 'modify').length} times`;
}

function listReadIn({ controlPlane }: AnyLab, name: string, to: Dialect): Condition {
  return {
    what: `${name} reads its sessions in it`,
    holds: () =>
      controlPlane.requests.some(
        ({ node, dialect, path, httpStatus }) =>
          node === name && dialect === to && path.endsWith('/sessions') && httpStatus === 200,
      ),
  };
}

function toldIn({ controlPlane }: AnyLab, name: string, to: Dialect): Condition {
  return {
    what: `${name} reports in it`,
    holds: () => postsOf(controlPlane, 'report', name).some(({ dialect }) => dialect === to),
  };
}
