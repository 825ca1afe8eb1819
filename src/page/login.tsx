import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { send } from './api.js';
import { wordsOf } from './parts/hooks.js';
import { Notice } from './parts/layout.js';

/** Takes the node's token; the node gives a session for it, and the browser forgets the token. */
export function Login({ onDone }: { readonly onDone: () => void }) {
  const [token, setToken] = useState('');
  const [error, setError] = useState<string>();
  const [isSent, setIsSent] = useState(false);

  async function signIn(event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    setIsSent(true);
    setError(undefined);
    try {
      await send('login', { token: token.trim() });
      onDone();
    } catch (failure) {
      setError(wordsOf(failure));
    } finally {
      setToken('');
      setIsSent(false);
    }
  }

  return (
    <main class="login" id="main">
      <h1>moenet-agent</h1>
      <p>This page shows a node of the network, and changes nothing on it.</p>
      <form onSubmit={(event) => void signIn(event)}>
        <label>
          Token of the node
          <input
            type="password"
            value={token}
            required
            autoComplete="current-password"
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        {error !== undefined && <Notice tone="bad">{error}</Notice>}
        <button type="submit" class="main" disabled={isSent}>
          sign in
        </button>
      </form>
      <p class="dim small">
        It is in the file that <code>bootstrap.tokenFile</code> names. Who may open the socket for readers
        needs no token: <code>ssh -L 24368:/run/moenet-agent/read.sock NODE</code>
      </p>
    </main>
  );
}
