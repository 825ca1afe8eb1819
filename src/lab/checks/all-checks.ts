import type { Lab } from '../running-lab.js';
import { agentChecks } from './agent-checks.js';
import { cellChecks } from './cell-checks.js';
import type { Check } from './check.js';
import { dialectChecks } from './dialect-checks.js';
import { internalChecks } from './internal-checks.js';
import { idleChecks, impostorCheck, newcomerCheck } from './no-trace-checks.js';
import { policyChecks } from './policy-checks.js';
import { sessionChecks } from './session-checks.js';
import { socketChecks } from './socket-checks.js';
import { tagChecks } from './tag-checks.js';
import { toldChecks } from './told-checks.js';
import { transitChecks } from './transit-checks.js';

/** `withSteps`: the steps were taken; some checks are about what they leave. */
export function allChecks(lab: Lab, withSteps: boolean): Check[] {
  const { peers } = lab.scenario;
  return [
    ...peers.flatMap((peer) => [
      ...sessionChecks(lab, peer),
      ...policyChecks(lab, peer),
      ...tagChecks(lab, peer),
      ...toldChecks(lab, peer),
    ]),
    ...cellChecks(lab),
    ...transitChecks(lab),
    ...(withSteps ? [newcomerCheck(lab), impostorCheck(lab)] : []),
    ...idleChecks(lab),
    ...lab.nodes.flatMap((node) => [
      ...internalChecks(lab, node),
      ...agentChecks(lab, node),
      ...dialectChecks(lab, node),
      ...socketChecks(lab, node),
    ]),
  ];
}
