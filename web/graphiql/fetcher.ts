import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';

const url = new URL('/graphql', location.href);
const socket = new URL(url);
socket.protocol = url.protocol.replace('http', 'ws');

const fetcher = createGraphiQLFetcher({ url: url.href, subscriptionUrl: socket.href });

/** The example in the headers editor stands for no token: without one you are an anonymous viewer of the market. */
const isToken = (authorization: unknown) => typeof authorization === 'string' && /^Bearer\s+[^\s<…]+$/.test(authorization.trim());

/**
 * Queries and mutations over HTTP, subscriptions over a WebSocket. What the headers editor holds goes along with both: as headers, and in the payload of
 * `connection_init`, since a browser cannot set headers on a socket.
 */
export const send: Fetcher = (operation, options) => {
  const given = Object.entries(options?.headers ?? {}).filter(([name, value]) => name.toLowerCase() !== 'authorization' || isToken(value));
  return fetcher(operation, { ...options, headers: Object.fromEntries(given) });
};
