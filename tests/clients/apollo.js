// Apollo Client 4 with its normalized cache and a split link, set up as in a frontend. operations.js says what it does.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client/core';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition, relayStylePagination } from '@apollo/client/utilities';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { id, input, live, market, pageSize, receive, rent, report, socketUrl, token, until, url } from './operations.js';

const headers = { Authorization: `Bearer ${token}` };
const socket = createClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: headers });

// The cache must know the possible types of fragments on interfaces and unions.
const answer = await fetch(url, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ query: '{ __schema { types { name possibleTypes { name } } } }' }),
});
const { data } = await answer.json();
const possibleTypes = Object.fromEntries(
  data.__schema.types.filter((type) => type.possibleTypes).map((type) => [type.name, type.possibleTypes.map((one) => one.name)]));

const client = new ApolloClient({
  link: ApolloLink.split(
    ({ query }) => getMainDefinition(query).operation === 'subscription',
    new GraphQLWsLink(socket),
    new HttpLink({ uri: url, headers })),
  cache: new InMemoryCache({ possibleTypes, typePolicies: { Query: { fields: { sliceCombinations: relayStylePagination(['where', 'order']) } } } }),
});

const Market = gql(market);
const list = client.watchQuery({ query: Market, variables: { first: pageSize } });
let watching;
const { data: { sliceCombinations: page } } = await new Promise((resolve, reject) => {
  watching = list.subscribe({ next: (result) => result.dataState === 'complete' && resolve(result), error: reject });
});
const second = await list.fetchMore({ variables: { after: page.pageInfo.endCursor } });
const known = client.readQuery({ query: Market, variables: { first: pageSize } }).sliceCombinations.edges.map((edge) => edge.node.id);
report({ pages: [page, second.data.sliceCombinations].map((each) => each.edges.map((edge) => edge.node.id)), known });

const waiting = [];
const subscription = client.subscribe({ query: gql(live), variables: { id } })
  .subscribe({ next: ({ data: { onSliceCombinationChanged: message } }) => receive(waiting, message), error: (failure) => { throw failure; } });
const before = (await until(waiting, 'SliceCombinationsSnapshot')).sliceCombinations[0].quantityAvailable;

const [received, rented] = await Promise.all([
  until(waiting, 'SLICES_RENTED'),
  client.mutate({ mutation: gql(rent), variables: { input: input() } }),
]);
const cached = client.cache.readFragment({
  id: client.cache.identify({ __typename: 'SliceCombination', id }),
  fragment: gql('fragment Cached on SliceCombination { quantityAvailable }'),
});
report({ rented: rented.data.rentSlices.__typename, fewer: before - received.sliceCombination.quantityAvailable, cached: cached.quantityAvailable === received.sliceCombination.quantityAvailable });

watching.unsubscribe();
subscription.unsubscribe();
client.stop();
await socket.dispose();
