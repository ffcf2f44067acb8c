// Lets graphql-ws's client talk to a server: node graphql-ws.js ws://host/graphql scenario
// Prints what the client saw as one line of JSON each.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, scenario] = process.argv.slice(2);
const tell = (what) => console.log(JSON.stringify(what));

function connect(token, options = {}) {
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: { token },
    retryAttempts: 20,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
    ...options,
  });
  client.on('closed', (event) => tell({ closed: event.code, reason: event.reason }));
  client.on('connected', (_, __, wasRetry) => tell({ connected: true, wasRetry }));
  return client;
}

/** Everything that an operation gives: its results, then how it ended. */
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
    tell({ query: await all(client, '{ hello whoAmI }') });
    tell({ mutation: await all(client, 'mutation Add($by: Int!) { add(by: $by) }', { by: 3 }) });
    tell({ subscription: await all(client, 'subscription { countTo(limit: 4) }') });
    tell({ stopped: await all(client, 'subscription { countTo(limit: 1000000) }', undefined, 2) });
    tell({ syntaxError: await all(client, '{ hello') });
    tell({ validationError: await all(client, '{ nothing }') });
    tell({ variableError: await all(client, 'mutation Add($by: Int!) { add(by: $by) }', { by: 'x' }) });
    tell({ afterErrors: await all(client, '{ hello }') });
    const many = await Promise.all(Array.from({ length: 15 }, (_, at) => all(client, `subscription { countTo(limit: ${at}) }`)));
    tell({ many: many.map((seen) => seen.length - 1) });
    await client.dispose();
  },

  async forbidden() {
    // 4403 is one of the codes after which the client would try again, so it is told not to.
    const client = connect('nobody', { retryAttempts: 0 });
    tell({ query: await all(client, '{ hello }') });
    await client.dispose();
  },

  async later() {
    const client = connect('later');
    tell({ query: await all(client, '{ whoAmI }') });
    await client.dispose();
  },

  async restart() {
    const client = connect('ada');
    await new Promise((resolve) => {
      let before;
      client.on('connected', (_, __, wasRetry) => (before = wasRetry ? 'after' : 'before'));
      const stop = client.subscribe({ query: 'subscription { forever }' }, {
        next() {
          tell({ event: before });
          if (before === 'after') stop();
        },
        error: (failure) => tell({ failure: failure.code }),
        complete: resolve,
      });
    });
    await client.dispose();
  },
};

await scenarios[scenario]();
