// Runs the client of graphql-sse against a server: node graphql-sse.js http://host/graphql scenario
// Prints what the client receives as lines of JSON.
import { createClient } from 'graphql-sse';

const [url, scenario] = process.argv.slice(2);
const report = (what) => console.log(JSON.stringify(what));

const connect = (options = {}) => createClient({
  url,
  headers: () => ({ user: 'ada' }),
  retryAttempts: 20,
  retry: () => new Promise((resolve) => setTimeout(resolve, 50)),
  ...options,
});

/** Returns the results of an operation, followed by how it ended. */
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
  client.dispose();
}

const scenarios = {
  distinct: () => operations(connect()),
  // The protocol reports an invalid document by the status of its request, which this client treats as a network error and would retry.
  single: () => operations(connect({ singleConnection: true, retryAttempts: 0 })),

  /** A subscription that a restart of the server breaks: the client reconnects on its own. */
  async restart() {
    let isAgain = false;
    const client = connect({ singleConnection: process.argv[4] === 'single', on: { connecting: (isRetry) => (isAgain ||= isRetry) } });
    await new Promise((resolve) => {
      const stop = client.subscribe({ query: 'subscription { forever }' }, {
        next(result) {
          if (!result.data) return report({ told: result.errors[0].extensions.code });
          report({ event: isAgain ? 'after' : 'before' });
          if (isAgain) stop();
        },
        error: (failure) => report({ failure: String(failure) }),
        complete: resolve,
      });
    });
    client.dispose();
  },
};

await scenarios[scenario]();
process.exit(0); // Only the sockets that Node keeps alive are left.
