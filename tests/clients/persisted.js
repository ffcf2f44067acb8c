// Apollo Client's persisted-query link, set up as in a frontend: it first sends only the hash, by GET, so that caches may keep the response.
import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client/core';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';

const [url] = process.argv.slice(2);
const sent = [];
const http = new HttpLink({
  uri: url,
  fetch: async (address, options) => {
    const response = await fetch(address, options);
    sent.push({ method: options.method, hasText: options.method === 'GET' ? new URL(address).searchParams.has('query') : 'query' in JSON.parse(options.body), cache: response.headers.get('cache-control') });
    return response;
  },
});
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const query = gql('query Farms { farms(first: 2) { nodes { name } } }');

for (let visit = 0; visit < 2; visit++) {
  const client = new ApolloClient({
    link: ApolloLink.from([new PersistedQueryLink({ sha256, useGETForHashedQueries: true }), http]),
    cache: new InMemoryCache(),
  });
  const { data } = await client.query({ query, fetchPolicy: 'network-only' });
  console.log(JSON.stringify({ farms: data.farms.nodes.length, sent: sent.splice(0) }));
  client.stop();
}
