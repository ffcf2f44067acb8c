// Reads multipart responses with meros, as urql and other clients do: node meros.js http://host/graphql query accept…
// Prints the content type and the parts of each response as one line of JSON.
import { meros } from 'meros/browser';

const [url, query, ...accepts] = process.argv.slice(2);
for (const accept of accepts) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query }),
  });
  const parts = [];
  for await (const part of await meros(response)) parts.push(part.json ? part.body : String(part.body));
  console.log(JSON.stringify({ type: response.headers.get('content-type'), parts }));
}
