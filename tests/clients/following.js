// Follows matching rows through lost connections, as docs/subscriptions.md shows: node following.js client url where
// The client is graphql-ws, apollo or urql, or forgetful: an unmodified graphql-ws, which sends its first variables again.
// Prints its rows as one line of JSON after each message except bookmarks.
import { ApolloClient, InMemoryCache, gql } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { apply, live, resuming } from './follow.js';

const [kind, url, where] = process.argv.slice(2);
const variables = { where: JSON.parse(where) };
const rows = new Map();

const socket = createClient({
  url,
  webSocketImpl: WebSocket,
  retryAttempts: Infinity,
  shouldRetry: () => true,
  // Soon at first, then less often, and with jitter, so that clients do not all reconnect at once.
  retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, Math.min(50 * 2 ** retries, 5_000) * (0.5 + Math.random()))),
});
const following = resuming(socket);

socket.on('closed', () => console.log(JSON.stringify({ lost: true })));

function receive(message) {
  apply(rows, message);
  if (message.__typename !== 'StreamBookmark')
    console.log(JSON.stringify({ type: message.__typename, reason: message.reason, rows: [...rows.values()].map((row) => row.quantityAvailable).sort() }));
}

function fail(failure) {
  console.error(failure);
  process.exit(1);
}

const next = ({ data, error, errors }) => (error ?? errors ? fail(error ?? errors) : receive(data.onSliceCombinationChanged));
const complete = () => process.exit(0);

const clients = {
  'graphql-ws'() {
    following.subscribe({ query: live, variables }, { next, error: fail, complete });
  },

  forgetful() {
    socket.subscribe({ query: live, variables }, { next, error: fail, complete });
  },

  apollo() {
    const client = new ApolloClient({
      link: new GraphQLWsLink(following),
      cache: new InMemoryCache(),
    });
    // Its cache would keep the rows of all messages; `rows` knows which of them still exist.
    client.subscribe({ query: gql(live), variables, fetchPolicy: 'no-cache' }).subscribe({ next, error: fail, complete });
  },

  urql() {
    const client = new Client({
      url,
      preferGetMethod: false,
      exchanges: [subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({ unsubscribe: following.subscribe({ query, variables }, sink) }),
        }),
      })],
    });
    client.subscription(live, variables).subscribe(next);
  },
};

clients[kind]();
