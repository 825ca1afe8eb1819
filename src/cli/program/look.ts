import type { Command } from 'commander';
import type { Register } from './register.js';

export function addStatus(program: Command, register: Register): void {
  const status = program
    .command('status')
    .description("show the node's state, problems first")
    .argument('[session]', 'only one session: its ASN, uuid, interface or name')
    .option('--problems', 'only what does not work, and why')
    .option('--watch', 'refresh until q or Ctrl-C; arrow keys and Page Up, Page Down scroll');
  register(status, async (context) => {
    const watch = status.opts()['watch'] === true;
    if (watch && context.json) program.error("error: option '--watch' cannot be used with option '--json'");
    const { statusCommand } = await import('../status/status.js');
    const problems = status.opts()['problems'] === true;
    return statusCommand(context, { watch, problems, session: status.args[0] });
  });
}

export function addExplain(program: Command, register: Register): void {
  const explain = program
    .command('explain')
    .description('say what is wanted of a session or node, what is there, and why they differ')
    .argument('<subject>', 'an ASN, a uuid, an interface, a BIRD protocol, a node, an address or a prefix')
    .argument('[prefix]', "after the word 'prefix': an address or a prefix, of whose routes it says why");
  register(explain, async (context) => {
    const [subject = '', prefix] = explain.args;
    if (prefix !== undefined && subject !== 'prefix')
      program.error("error: too many arguments for 'explain'");
    if (prefix !== undefined || isNetwork(subject)) {
      const { explainRouteCommand } = await import('../explain/explain-route.js');
      return explainRouteCommand(context, prefix ?? subject);
    }
    const { explainCommand } = await import('../explain/explain.js');
    return explainCommand(context, subject);
  });
}

/** An address or a prefix; anything else may be the name of a session. */
function isNetwork(text: string): boolean {
  return /^[\d.]+(?:\/\d+)?$/.test(text)
    ? text.includes('.')
    : /^[\da-f:.]+(?:\/\d+)?$/i.test(text) && text.includes(':');
}
export function addEvents(program: Command, register: Register): void {
  const events = program
    .command('events')
    .description('print what happened on this node: sessions up and down, changes, failures')
    .argument('[session]', 'only those of one session: its interface, ASN or uuid')
    .option('--since <time>', 'how far to look back: 90s, 15m, 2h, 3d, 1w, or a date', '1d')
    .option('--follow', 'go on with new events until Ctrl-C');
  register(events, async (context) => {
    const { since, follow = false } = events.opts();
    const { parseSince } = await import('../events/since.js');
    const sinceSeconds = parseSince(since, context.io.now());
    if (sinceSeconds === undefined)
      program.error(
        `error: option '--since' is '${since}', which is neither a time such as 2h nor a date such as 2026-11-26`,
      );
    if (follow && context.json) program.error("error: option '--follow' cannot be used with option '--json'");
    const { eventsCommand } = await import('../events/events.js');
    return eventsCommand(context, { sinceSeconds, session: events.args[0], follow });
  });
}

export function addDoctor(program: Command, register: Register): void {
  const doctor = program
    .command('doctor')
    .description('check this machine, and print what to do about each fault; changes nothing');
  register(doctor, async (context) => (await import('../doctor/doctor.js')).doctorCommand(context));
}
export function addCheckConfig(program: Command, register: Register): void {
  const check = program
    .command('check-config')
    .description('check the configuration file alone, without asking anybody')
    .argument('[file]', 'another file than the agent would use');
  register(check, async (context) => {
    const { checkConfigCommand } = await import('../check-config.js');
    return checkConfigCommand(context, check.args[0]);
  });
}
