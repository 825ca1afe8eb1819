import { selfCommand } from '../../platform/self.js';
import { nodePaths } from '../hosts/node-host.js';
import type { Lab } from '../running-lab.js';

/**
 * How to get into the running lab from another terminal: a command line for each host.
 * @param machinePid the lab's first process as the machine numbers it
 */
export function renderHowToLook(lab: Lab, machinePid: number): string {
  const sudo = process.env['MOENET_AGENT_LAB'] === 'user' ? '--user --preserve-credentials ' : '';
  const enter = (pid: number) =>
    `nsenter -t ${machinePid} ${sudo}--mount --net --pid nsenter -t ${pid} --mount --net`;
  const nodes = lab.nodes.flatMap(({ spec, host }) => [
    `${spec.name}:`,
    `  ${enter(host.pid)} bash`,
    `  ${enter(host.pid)} ${selfCommand.join(' ')} status -c ${nodePaths.config}`,
    `  ${enter(host.pid)} birdc show protocols`,
    `  ${enter(host.pid)} tail -f ${nodePaths.log}`,
  ]);
  const peers = lab.peers.flatMap(({ spec, host }) => [`AS${spec.asn}:`, `  ${enter(host.pid)} bash`]);
  return [
    '',
    'The lab stays up; Ctrl-C ends it. To look inside, from another terminal:',
    ...nodes,
    ...peers,
    '',
  ].join('\n');
}
