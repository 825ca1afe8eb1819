import { join } from 'node:path';

const name = '\0undici-parts';
const unused = '\0undici-form-data';

/**
 * Of undici's main file, which loads fetch, WebSocket, caches and mocks, too, only what the program uses: otherwise each start of
 * the daemon reads and runs a megabyte for nothing. Whatever else `src` imports from undici fails the build.
 */
export function undiciParts() {
  const library = join(import.meta.dirname, '..', 'node_modules', 'undici', 'lib');
  return {
    name: 'undici-parts',
    resolveId(source, importer) {
      if (source === 'undici') return name;
      // For bodies that are FormData, and loads fetch; ours are text.
      return source === '../web/fetch/body.js' && importer?.startsWith(library) ? unused : null;
    },
    load(id) {
      if (id === unused) return 'export function extractBody() { throw new TypeError("a body is text"); }';
      if (id !== name) return null;
      const from = (file) => JSON.stringify(join(library, file));
      return `
        import Dispatcher from ${from('dispatcher/dispatcher.js')};
        import connect from ${from('api/api-connect.js')};
        import request from ${from('api/api-request.js')};
        import retry from ${from('interceptor/retry.js')};
        export { default as Pool } from ${from('dispatcher/pool.js')};
        export { default as ProxyAgent } from ${from('dispatcher/proxy-agent.js')};
        // ProxyAgent makes its tunnels with CONNECT.
        Object.assign(Dispatcher.prototype, { connect, request });
        export const interceptors = { retry };`;
    },
  };
}
