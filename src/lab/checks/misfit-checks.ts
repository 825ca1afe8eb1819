import { sessionName } from '../converge.js';
import { birdFiles } from '../hosts/bird-configuration.js';
import { isEstablished, nodeBgp } from '../hosts/view.js';
import { type Lab, nodeOf } from '../running-lab.js';
import { type Check, checksOf } from './check.js';

/** What must be so after BIRD has refused the file of one session: it alone is out, and its operator knows why. */
export function misfitChecks(lab: Lab, told: { readonly error: string | undefined } | undefined): Check[] {
  const { misfit, companion } = lab.scenario;
  const check = checksOf(sessionName(misfit), misfit.node.name);
  return [
    check("refused with BIRD's own words", async () => hasBirdsWords(told?.error ?? '')),
    check('BIRD reads no file of it', async () => {
      const text = [...(await birdFiles(nodeOf(lab, misfit))).values()].join('\n');
      if (text.includes(`OPERATOR_${misfit.session.interface}`)) return 'its file is there';
      return nodeBgp(lab.view, misfit).length === 0 ? undefined : 'its protocol is there';
    }),
    check(`the session with AS${companion.asn} on the same list came up`, async () =>
      isEstablished(lab.view, companion) ? undefined : 'it is not Established',
    ),
  ];
}

/** `... dn42_4242421008.conf:12:23 syntax error, unexpected '-' ...`: file, line and what is wrong, as BIRD says it. */
function hasBirdsWords(error: string): string | undefined {
  return /\.conf.*syntax error/.test(error) ? undefined : `told: ${error || 'nothing'}`;
}
