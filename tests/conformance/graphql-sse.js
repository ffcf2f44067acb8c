// Lets graphql-sse's client talk to a server: node graphql-sse.js http://host/graphql scenario
// Prints what the client saw as one line of JSON each.
import { createClient } from 'graphql-sse';

const [url, scenario] = process.argv.slice(2);
const tell = (what) => console.log(JSON.stringify(what));

const connect = (options = {}) => createClient({
  url,
  headers: () => ({ user: 'ada' }),
  retryAttempts: 20,
  retry: () => new Promise((resolve) => setTimeout(resolve, 50)),
  ...options,
});

/** Everything that an operation gives: its results, then how it ended. */
async function all(client, query, variables, take = Infinity) {
  const seen = [];
  try {
    for await (const result of client.iterate({ query, variables })) {
      seen.push(result.errors && !result.data ? { error: result.errors.map((each) => each.extensions.code) } : result);
      if (seen.length === take) break;
    }
    seen.push('complete');
  } catch (failure) {
    seen.push({ refused: failure.response?.status ?? failure.message });
  }
  return seen;
}

async function operations(client) {
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
  client.dispose();
}

const scenarios = {
  distinct: () => operations(connect()),
  // The protocol answers a wrong document by the status of its request, which this client takes for a network error and would try again.
  single: () => operations(connect({ singleConnection: true, retryAttempts: 0 })),

  /** A subscription that a restart of the server breaks: the client comes back by itself. */
  async restart() {
    let isAgain = false;
    const client = connect({ singleConnection: process.argv[4] === 'single', on: { connecting: (isRetry) => (isAgain ||= isRetry) } });
    await new Promise((resolve) => {
      const stop = client.subscribe({ query: 'subscription { forever }' }, {
        next(result) {
          if (!result.data) return tell({ told: result.errors[0].extensions.code });
          tell({ event: isAgain ? 'after' : 'before' });
          if (isAgain) stop();
        },
        error: (failure) => tell({ failure: String(failure) }),
        complete: resolve,
      });
    });
    client.dispose();
  },
};

await scenarios[scenario]();
process.exit(0); // Nothing is left to wait for but sockets that Node keeps for later.
