import { createClient } from 'graphql-ws';
import runtime from 'relay-runtime';
import WebSocket from 'ws';
import { id, input, receive, report, socketUrl, token, until, url } from '../operations.js';
import LiveSubscription from './generated/MarketLiveSubscription.graphql.js';
import MarketPageQuery from './generated/MarketPageQuery.graphql.js';
import MarketQuery from './generated/MarketQuery.graphql.js';
import RentMutation from './generated/MarketRentMutation.graphql.js';

const { ConnectionHandler, Environment, Network, Observable, RecordSource, Store, commitMutation, fetchQuery, requestSubscription } = runtime;
const headers = { Authorization: `Bearer ${token}` };
const socket = createClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: headers });

async function send({ text }, variables) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: text, variables }),
  });
  return answer.json();
}

const listen = ({ text }, variables) => Observable.create((sink) => socket.subscribe({ query: text, variables }, sink));
const environment = new Environment({ network: Network.create(send, listen), store: new Store(new RecordSource()) });

/** The ids of the connection in the store, with its pages merged. */
function known() {
  const connection = environment.getStore().getSource().get(ConnectionHandler.getConnectionID('client:root', 'Market_sliceCombinations', { order: [{ pricePerHour: 'ASC' }] }));
  const source = environment.getStore().getSource();
  return connection.edges.__refs.map((edge) => source.get(source.get(edge).node.__ref).id);
}

function endCursor() {
  const source = environment.getStore().getSource();
  const connection = source.get(ConnectionHandler.getConnectionID('client:root', 'Market_sliceCombinations', { order: [{ pricePerHour: 'ASC' }] }));
  return source.get(connection.pageInfo.__ref).endCursor;
}

const first = await fetchQuery(environment, MarketQuery, {}).toPromise();
environment.retain(runtime.createOperationDescriptor(MarketQuery, {}));
const page = known();
await fetchQuery(environment, MarketPageQuery, { first: 3, after: endCursor() }).toPromise();
report({ pages: [page, known().slice(page.length)], known: known(), masked: Object.keys(first) });

const waiting = [];
const subscription = requestSubscription(environment, {
  subscription: LiveSubscription,
  variables: { id },
  onNext: ({ onSliceCombinationChanged: message }) => receive(waiting, message),
  onError: (failure) => { throw failure; },
});
const before = (await until(waiting, 'SliceCombinationsSnapshot')).sliceCombinations[0].quantityAvailable;

const renting = new Promise((onCompleted, onError) => commitMutation(environment, { mutation: RentMutation, variables: { input: input() }, onCompleted, onError }));
const [received, rented] = await Promise.all([until(waiting, 'SLICES_RENTED'), renting]);
const cached = environment.getStore().getSource().get(id);
report({
  rented: rented.rentSlices.__typename,
  fewer: before - received.sliceCombination.quantityAvailable,
  cached: cached.quantityAvailable === received.sliceCombination.quantityAvailable,
});

subscription.dispose();
await socket.dispose();
