// Runs the client of graphql-ws against a server: node graphql-ws.js ws://host/graphql scenario
// Prints what the client receives as lines of JSON.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, scenario] = process.argv.slice(2);
const report = (what) => console.log(JSON.stringify(what));

function connect(token, options = {}) {
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: { token },
    retryAttempts: 20,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
    ...options,
  });
  client.on('closed', (event) => report({ closed: event.code, reason: event.reason }));
  client.on('connected', (_, __, wasRetry) => report({ connected: true, wasRetry }));
  return client;
}

/** Returns the results of an operation, followed by how it ended. */
async function all(client, query, variables, take = Infinity) {
  const seen = [];
  try {
    for await (const result of client.iterate({ query, variables })) {
      seen.push(result);
      if (seen.length === take) break;
    }
    seen.push('complete');
  } catch (failure) {
    seen.push({ error: Array.isArray(failure) ? failure.map((each) => each.extensions.code) : failure.code });
  }
  return seen;
}

const scenarios = {
  async operations() {
    const client = connect('ada');
    report({ query: await all(client, '{ hello whoAmI }') });
    report({ mutation: await all(client, 'mutation Add($by: Int!) { add(by: $by) }', { by: 3 }) });
    report({ subscription: await all(client, 'subscription { countTo(limit: 4) }') });
    report({ stopped: await all(client, 'subscription { countTo(limit: 1000000) }', undefined, 2) });
    report({ syntaxError: await all(client, '{ hello') });
    report({ validationError: await all(client, '{ nothing }') });
    report({ variableError: await all(client, 'mutation Add($by: Int!) { add(by: $by) }', { by: 'x' }) });
    report({ afterErrors: await all(client, '{ hello }') });
    const many = await Promise.all(Array.from({ length: 15 }, (_, at) => all(client, `subscription { countTo(limit: ${at}) }`)));
    report({ many: many.map((seen) => seen.length - 1) });
    await client.dispose();
  },

  async forbidden() {
    // The client would retry after 4403, so retries are disabled.
    const client = connect('nobody', { retryAttempts: 0 });
    report({ query: await all(client, '{ hello }') });
    await client.dispose();
  },

  async later() {
    const client = connect('later');
    report({ query: await all(client, '{ whoAmI }') });
    await client.dispose();
  },

  async restart() {
    const client = connect('ada');
    await new Promise((resolve) => {
      let before;
      client.on('connected', (_, __, wasRetry) => (before = wasRetry ? 'after' : 'before'));
      const stop = client.subscribe({ query: 'subscription { forever }' }, {
        next() {
          report({ event: before });
          if (before === 'after') stop();
        },
        error: (failure) => report({ failure: failure.code }),
        complete: resolve,
      });
    });
    await client.dispose();
  },
};

await scenarios[scenario]();
