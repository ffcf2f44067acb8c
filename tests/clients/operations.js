// The operations of each client: two pages of the market, a subscription to one combination, and a rental of it.
export const market = /* GraphQL */ `
  query Market($first: Int!, $after: String) {
    sliceCombinations(first: $first, after: $after, order: [{ pricePerHour: ASC }]) {
      edges { cursor node { id quantityAvailable pricePerHour } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;

export const live = /* GraphQL */ `
  subscription Live($id: ID!) {
    onSliceCombinationChanged(where: { id: { eq: $id } }) {
      __typename
      ... on StreamEvent { cursor } ... on ChangeEvent { reason }
      ... on SliceCombinationsSnapshot { sliceCombinations { id quantityAvailable } }
      ... on SliceCombinationChanged { sliceCombination { id quantityAvailable } }
    }
  }
`;

export const rent = /* GraphQL */ `
  mutation Rent($input: RentSlicesInput!) {
    rentSlices(input: $input) {
      __typename
      ... on SlicesRented { rental { id gridNode { id freeSlices } } }
      ... on Problem { code message }
    }
  }
`;

export const pageSize = 3;

/** The service's address, the token of an account with money, the id of the combination to rent, and an SSH key: `node <client>.js url token id key`. */
export const [url, token, id, sshPublicKey] = process.argv.slice(2);

export const socketUrl = url.replace(/^http/, 'ws');

export const input = () => ({ sliceCombinationId: id, quantity: 1, term: { hours: 1 }, sshPublicKey, idempotencyKey: crypto.randomUUID() });

/** Prints one line of JSON for the test to read. */
export const report = (what) => console.log(JSON.stringify(what));

/** Resolves when a message of this kind arrives; bookmarks may arrive in between. */
export function until(messages, kind) {
  return new Promise((resolve) => messages.push({ kind, resolve }));
}

export function receive(messages, message) {
  const kind = message.reason ?? message.__typename;
  report({ kind });
  const at = messages.findIndex((each) => each.kind === kind);
  if (at >= 0) messages.splice(at, 1)[0].resolve(message);
}
