import { createGraphiQLFetcher, type Fetcher, type FetcherParams } from '@graphiql/toolkit';
import { type DocumentNode, Kind, parse } from 'graphql';

const url = new URL('/graphql', location.href);
const socket = new URL(url);
socket.protocol = url.protocol.replace('http', 'ws');

const fetcher = createGraphiQLFetcher({ url: url.href, subscriptionUrl: socket.href });

/** The example in the headers editor stands for no token: without one you are an anonymous viewer of the market. */
const isToken = (authorization: unknown) => typeof authorization === 'string' && /^Bearer\s+[^\s<…]+$/.test(authorization.trim());

/**
 * The operation that the text at hand holds. GraphiQL reads the text a moment after it has changed, so whoever runs it at once would ask for an operation of
 * the tab before.
 */
function current(operation: FetcherParams): { operation: FetcherParams; documentAST?: DocumentNode } {
  try {
    const documentAST = parse(operation.query);
    const names = documentAST.definitions.flatMap((definition) => (definition.kind === Kind.OPERATION_DEFINITION ? [definition.name?.value] : []));
    const operationName = names.includes(operation.operationName ?? undefined) ? operation.operationName : names[0];
    return { operation: { ...operation, operationName }, documentAST };
  } catch {
    return { operation }; // The server tells what is wrong with it.
  }
}

/**
 * Queries and mutations over HTTP, subscriptions over a WebSocket. What the headers editor holds goes along with both: as headers, and in the payload of
 * `connection_init`, since a browser cannot set headers on a socket.
 */
export const send: Fetcher = (operation, options) => {
  const given = Object.entries(options?.headers ?? {}).filter(([name, value]) => name.toLowerCase() !== 'authorization' || isToken(value));
  const { operation: asked, documentAST } = current(operation);
  return fetcher(asked, { ...options, documentAST: documentAST ?? options?.documentAST, headers: Object.fromEntries(given) });
};
