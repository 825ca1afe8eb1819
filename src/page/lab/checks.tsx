import { groupChecks } from '../../lab/story/group-checks.js';
import type { CheckShown } from '../../lab/story/messages.js';
import type { Story } from '../../lab/story/story.js';
import { Card } from '../parts/layout.js';

/** What must be so, by its subject: those that do not hold first. */
export function Checks({
  story: { checks, simulation },
}: {
  readonly story: Pick<Story, 'checks' | 'simulation'>;
}) {
  const held = checks.filter(({ state }) => state === 'ok').length;
  return (
    <Card
      title="Checks"
      size="wide"
      aside={checks.length > 0 && <span class="count">{`${held} of ${checks.length} hold`}</span>}
    >
      {checks.length === 0 ? (
        <p class="dim">
          Made at the end, of what{' '}
          {simulation ? 'the simulated machines and the control plane' : 'BIRD, WireGuard and the kernel'}{' '}
          say.
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <section class="lab-scroll" aria-label="all checks" tabIndex={0}>
          {groupChecks(checks).map((group) => (
            <Group key={group.subject} {...group} />
          ))}
        </section>
      )}
    </Card>
  );
}

function Group({ subject, state, checks }: ReturnType<typeof groupChecks>[number]) {
  const held = checks.filter(({ state }) => state === 'ok').length;
  const [sign, tone] = signs[state];
  return (
    <details class="lab-group">
      <summary>
        <span class={tone} aria-hidden="true">
          {sign}
        </span>{' '}
        {subject} <span class="dim">{`${held} of ${checks.length}`}</span>
      </summary>
      <ul class="plain small">
        {checks.map((check) => (
          <Check key={check.name} check={check} subject={subject} />
        ))}
      </ul>
    </details>
  );
}

const signs = { waits: ['◌', 'warn'], ok: ['✓', 'good'], failed: ['✗', 'bad'] } as const;
const words = { waits: 'not yet', ok: 'holds', failed: 'does not hold' } as const;

function Check({
  check: { name, state, seen },
  subject,
}: {
  readonly check: CheckShown;
  readonly subject: string;
}) {
  const [sign, tone] = signs[state];
  return (
    <li>
      <span class={tone} aria-hidden="true">
        {sign}
      </span>
      <span class="hidden">{words[state]}:</span>{' '}
      {name.startsWith(`${subject}: `) ? name.slice(subject.length + 2) : name}
      {seen !== undefined && <span class="dim"> (seen: {seen})</span>}
    </li>
  );
}
