// urql's client with graphcache, its normalized cache, and subscriptions over graphql-ws. operations.js says what it does.
import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { getIntrospectionQuery } from 'graphql';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { id, input, live, market, pageSize, receive, rent, report, socketUrl, token, until, url } from './operations.js';

const headers = { Authorization: `Bearer ${token}` };
const socket = createClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: headers });

const answer = await fetch(url, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ query: getIntrospectionQuery() }),
});
const { data: schema } = await answer.json();

const embedded = (names) => Object.fromEntries(names.map((name) => [name, () => null]));
const client = new Client({
  url,
  preferGetMethod: false,
  fetchOptions: { headers },
  exchanges: [
    cacheExchange({
      schema,
      resolvers: { Query: { sliceCombinations: relayPagination() } },
      // Objects without an id are stored embedded in their parents.
      keys: embedded(schema.__schema.types.filter((type) => type.kind === 'OBJECT' && !type.fields.some((field) => field.name === 'id')).map((type) => type.name)),
    }),
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query: query ?? '', variables }, sink) }),
      }),
    }),
  ],
});

function data({ data: given, error }) {
  if (error) throw error;
  return given;
}

const page = data(await client.query(market, { first: pageSize })).sliceCombinations;
const both = data(await client.query(market, { first: pageSize, after: page.pageInfo.endCursor })).sliceCombinations;
const ids = (connection) => connection.edges.map((edge) => edge.node.id);
// The cache merges the pages: its result for the second page is the first page followed by the second.
report({ pages: [ids(page), ids(both).slice(pageSize)], known: ids(both) });

const waiting = [];
const subscription = client.subscription(live, { id }).subscribe((result) => receive(waiting, data(result).onSliceCombinationChanged));
const before = (await until(waiting, 'SliceCombinationsSnapshot')).sliceCombinations[0].quantityAvailable;

const [received, rented] = await Promise.all([until(waiting, 'SLICES_RENTED'), client.mutation(rent, { input: input() })]);
const one = gql`query One($id: ID!) { node(id: $id) { id ... on SliceCombination { quantityAvailable } } }`;
const cached = data(await client.query(one, { id }, { requestPolicy: 'cache-first' })).node;
report({
  rented: data(rented).rentSlices.__typename,
  fewer: before - received.sliceCombination.quantityAvailable,
  cached: cached.quantityAvailable === received.sliceCombination.quantityAvailable,
});

subscription.unsubscribe();
await socket.dispose();
