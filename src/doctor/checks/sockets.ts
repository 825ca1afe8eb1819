import { openBird } from '../../adapters/bird/open-bird.js';
import { birdPlaces, type Check } from '../check.js';
import { fault, ok, warning } from '../finding.js';
import { asRoot, isForbidden } from '../forbidden.js';

export const socketCheck: Check = {
  name: 'sockets',
  limitMs: 15_000,
  look: async (patient, signal) => {
    const { daemonPid, daemonProblem, node, run } = patient;
    const places = birdPlaces(patient);
    const bird = await openBird({
      ...places,
      mode: node?.bird.mode ?? 'full',
      run,
      connectTimeoutMs: 3_000,
      replyTimeoutMs: 8_000,
    }).observe(signal);
    return [
      bird.running
        ? ok(`BIRD ${bird.version} answers on ${places.controlSocket}`)
        : (await isForbidden(places.controlSocket))
          ? warning(
              `this user may not open ${places.controlSocket}, so it is not known whether BIRD answers`,
              asRoot,
            )
          : fault(bird.reason, 'systemctl start bird && birdc show status'),
      daemonProblem !== undefined
        ? warning(`the daemon does not answer: ${daemonProblem}`, 'systemctl status moenet-agent')
        : daemonPid === undefined
          ? warning('no daemon is running', 'systemctl enable --now moenet-agent')
          : ok(`the daemon answers (process ${daemonPid})`),
    ];
  },
};
