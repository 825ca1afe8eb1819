// A control plane that answers with files, and writes down what it is told. Run in the node's own namespace:
//   node fixture-server.mjs DIRECTORY PORT TOKEN
// Answers come from DIRECTORY/<call>.json, read anew each time; what is posted goes to DIRECTORY/posts.jsonl.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [directory, port, token] = process.argv.slice(2);

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const [status, body] = answer(request, Buffer.concat(chunks).toString());
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
}).listen(Number(port), '127.0.0.1', () => console.log('listening'));

function answer(request, body) {
  const call = /^\/agent\/jp1\/([a-z/-]+)$/.exec(request.url)?.[1];
  if (call === undefined) return [404, '{}'];
  if (request.headers.authorization !== `Bearer ${token}`) return [401, '{}'];
  if (request.method === 'POST') {
    appendFileSync(`${directory}/posts.jsonl`, `${JSON.stringify({ call, body: JSON.parse(body) })}\n`);
    return [200, '{}'];
  }
  const file = `${directory}/${call}.json`;
  return existsSync(file) ? [200, readFileSync(file)] : [404, '{}'];
}
