import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { RouteExplanation } from '../../core/explain/route/route-explanation.js';
import { printable, printableLine } from '../../words/text.js';
import { ask } from '../api.js';
import { wordsOf } from '../parts/hooks.js';
import { Notice, TextBox, ViewTitle } from '../parts/layout.js';
import { PathDrawing, PingDrawing, RouteDrawing, TraceDrawing } from './drawings.js';
import { parsePaths } from './paths.js';
import { parsePing } from './ping.js';
import { parseTrace } from './trace.js';

const tools = [
  ['route', 'Route', 'an address or a prefix'],
  ['path', 'AS path', 'an address, a prefix or a name'],
  ['ping', 'Ping', 'an address or a name'],
  ['trace', 'Trace', 'an address or a name'],
] as const;

type Tool = (typeof tools)[number][0];

type Result =
  | { readonly tool: 'route'; readonly target: string; readonly route: RouteExplanation }
  | { readonly tool: Exclude<Tool, 'route'>; readonly target: string; readonly text: string };

/** Look-ups from this node: it asks BIRD, or pings and traces. */
export function LookUps({ isFirst }: { readonly isFirst: boolean }) {
  const [tool, setTool] = useState<Tool>('route');
  const [target, setTarget] = useState('');
  const [result, setResult] = useState<Result>();
  const [error, setError] = useState<string>();
  const [isRunning, setIsRunning] = useState(false);
  const hint = tools.find(([name]) => name === tool)?.[2] ?? '';

  async function run(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isRunning || target.trim() === '') return;
    setIsRunning(true);
    setError(undefined);
    try {
      setResult(await lookUp(tool, target.trim()));
    } catch (failure) {
      setResult(undefined);
      setError(wordsOf(failure));
    } finally {
      setIsRunning(false);
    }
  }

  return (
    <>
      <ViewTitle isFirst={isFirst}>Look-ups</ViewTitle>
      <form class="tools" onSubmit={(event) => void run(event)}>
        <fieldset class="choice">
          <legend class="hidden">What to look up</legend>
          {tools.map(([name, words]) => (
            <label key={name}>
              <input type="radio" name="tool" checked={name === tool} onChange={() => setTool(name)} />
              <span>{words}</span>
            </label>
          ))}
        </fieldset>
        <label class="search">
          <span class="hidden">Target: {hint}</span>
          <input
            type="text"
            placeholder={hint}
            value={target}
            maxLength={300}
            autoComplete="off"
            autoCapitalize="none"
            spellcheck={false}
            onInput={(event) => setTarget(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="main" disabled={isRunning}>
          look up
        </button>
      </form>
      <div aria-live="polite" aria-busy={isRunning ? 'true' : 'false'}>
        {isRunning && <p class="dim">the node looks it up</p>}
        {error !== undefined && <Notice tone="bad">{printable(error)}</Notice>}
        {result && !isRunning && <Drawing result={result} />}
      </div>
    </>
  );
}

async function lookUp(tool: Tool, target: string): Promise<Result> {
  if (tool === 'route') return { tool, target, route: await ask('explain/route', { to: target }) };
  const { result } = await ask<{ readonly result: string }>(`look-up/${tool}`, { target });
  return { tool, target, text: result };
}

function Drawing({ result }: { readonly result: Result }) {
  if (result.tool === 'route') return <RouteDrawing answer={result.route} />;
  const { tool, text } = result;
  const drawn = tool === 'ping' ? pingOf(text) : tool === 'trace' ? traceOf(text) : pathOf(text);
  return (
    <>
      {drawn}
      <details open={drawn === null}>
        <summary>as text</summary>
        <TextBox label="the answer as text">
          {text.split('\n').map((line) => `${printableLine(line)}\n`)}
        </TextBox>
      </details>
    </>
  );
}

function pingOf(text: string) {
  const result = parsePing(text);
  return result ? <PingDrawing result={result} /> : null;
}

function traceOf(text: string) {
  const hops = parseTrace(text);
  return hops.length > 0 ? <TraceDrawing hops={hops} /> : null;
}

function pathOf(text: string) {
  const paths = parsePaths(text);
  return paths.length > 0 ? <PathDrawing paths={paths} /> : null;
}
