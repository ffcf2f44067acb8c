// The EventSource of a page, with servers that can be killed: node event-source.js query http://one/graphql http://another/graphql …
// Node has no EventSource, so this one follows the HTML standard: it keeps the last id, reconnects with it, and fails on any status except 200.
// When a connection is lost, it moves on to the next address. Prints each message as one line of JSON.
const [query, ...urls] = process.argv.slice(2);
let lastEventId = '';
let wait = 50;

for (let connection = 0; ; connection++) {
  try {
    await listen(urls[connection % urls.length]);
  } catch (failure) {
    if (failure.isFatal) throw failure;
  }
  await new Promise((resolve) => setTimeout(resolve, wait));
}

async function listen(url) {
  const headers = { accept: 'text/event-stream', 'cache-control': 'no-store' };
  if (lastEventId) headers['last-event-id'] = lastEventId;
  const response = await fetch(`${url}?query=${encodeURIComponent(query)}`, { headers });
  if (response.status !== 200 || !response.headers.get('content-type').startsWith('text/event-stream'))
    throw Object.assign(new Error(`${response.status} ${await response.text()}`), { isFatal: response.status < 500 });

  const decoder = new TextDecoder();
  let buffer = '';
  for await (const chunk of response.body) {
    buffer += decoder.decode(chunk, { stream: true });
    for (let end; (end = buffer.indexOf('\n\n')) >= 0; buffer = buffer.slice(end + 2)) dispatch(buffer.slice(0, end));
  }
}

function dispatch(block) {
  const event = { type: 'message', data: [] };
  for (const line of block.split('\n')) {
    const at = line.indexOf(':');
    if (at <= 0) continue;
    const [field, value] = [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')];
    if (field === 'event') event.type = value;
    else if (field === 'data') event.data.push(value);
    else if (field === 'id') lastEventId = value;
    else if (field === 'retry') wait = Math.min(Number(value), 500);
  }
  if (event.type === 'complete') process.exit(0);
  if (event.type !== 'next') return;
  const { data, errors } = JSON.parse(event.data.join('\n'));
  if (data) console.log(JSON.stringify(Object.values(data)[0]));
  else console.error(JSON.stringify(errors));
}
