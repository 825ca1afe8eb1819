import { useEffect, useRef } from 'preact/hooks';
import type { Story } from '../../lab/story/story.js';
import { Card } from '../parts/layout.js';

/** What the terminal shows, the last at the bottom, in view unless the reader has scrolled up. */
export function Lines({ story: { lines, linesLeftOut } }: { readonly story: Story }) {
  const box = useRef<HTMLElement>(null);
  const isAtEnd = useRef(true);
  const lastTop = useRef(0);
  useEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  return (
    <Card title="What happens" size="wide" aside={<span class="count">seconds since the start</span>}>
      <section
        ref={box}
        class="text-box lab-lines"
        aria-label="all lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          // More lines may have come since: only who has gone up wants to stay there.
          const isUp = scrollTop < lastTop.current;
          lastTop.current = scrollTop;
          isAtEnd.current = scrollTop + clientHeight >= scrollHeight - 20 || (isAtEnd.current && !isUp);
        }}
      >
        {linesLeftOut > 0 && <p class="dim">{linesLeftOut} lines before these are left out</p>}
        <table>
          <tbody>
            {lines.map(({ seconds, text }, index) => (
              <tr key={linesLeftOut + index} class={kindOf(text)}>
                <td class="dim number">{seconds.toFixed(1)}</td>
                <td>{text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}

function kindOf(text: string): string {
  if (text.startsWith('▸')) return 'act';
  return text.trimStart().startsWith('✗') ? 'bad' : '';
}
