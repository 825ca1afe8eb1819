// Makes requests inside the node's namespace: one JSON line in, {"method", "url", "authorization", "body"}; one out.
import { createInterface } from 'node:readline';

for await (const line of createInterface({ input: process.stdin })) {
  const { method, url, authorization, body } = JSON.parse(line);
  const headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) };
  const response = await fetch(url, { method, headers, body });
  const type = response.headers.get('content-type');
  const text = await response.text();
  console.log(JSON.stringify({ status: response.status, type, text }));
}
