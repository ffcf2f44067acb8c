// A subscriber as a frontend would write it over graphql-ws: node live.js query variables ws://one/graphql ws://another/graphql …
// When a connection is lost, it moves on to the next address and resumes with the cursor of the last message it handled.
// Prints each message as one line of JSON.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [query, variablesText, ...urls] = process.argv.slice(2);
const variables = JSON.parse(variablesText);
let connections = 0;

const client = createClient({
  url: () => urls[connections++ % urls.length],
  webSocketImpl: WebSocket,
  retryAttempts: 100,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
  shouldRetry: () => true,
});

client.subscribe({ query, variables }, {
  next({ data, errors }) {
    if (errors) throw new Error(JSON.stringify(errors));
    const [message] = Object.values(data);
    variables.after = message.cursor;
    console.log(JSON.stringify(message));
  },
  error(failure) {
    console.error(failure);
    process.exit(1);
  },
  complete: () => process.exit(0),
});
