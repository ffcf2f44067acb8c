/** Tells what matches now, and where the stream is; `$after` is where it goes on. */
export const live = /* GraphQL */ `
  subscription Live($where: SliceCombinationFilterInput, $after: String) {
    onSliceCombinationChanged(where: $where, after: $after) {
      __typename
      ... on StreamEvent { cursor } ... on ChangeEvent { reason }
      ... on SliceCombinationsSnapshot { isFirst isLast sliceCombinations { id quantityAvailable pricePerHour } }
      ... on SliceCombinationChanged { sliceCombination { id quantityAvailable pricePerHour } }
      ... on SliceCombinationLeft { sliceCombinationId }
    }
  }
`;

/** A client of graphql-ws whose subscriptions go on where they were after a lost connection. */
export function resuming(client) {
  return {
    ...client,
    subscribe(request, sink) {
      const payload = { ...request, variables: { ...request.variables } };
      return client.subscribe(payload, {
        next(result) {
          sink.next(result);
          const cursor = Object.values(result.data ?? {})[0]?.cursor;
          // graphql-ws sends this very object again when it has a new connection.
          if (cursor) payload.variables.after = cursor;
        },
        error: (failure) => sink.error(failure),
        complete: () => sink.complete(),
      });
    },
  };
}

/** What a client has, by id, after one more message. */
export function apply(rows, message) {
  switch (message.__typename) {
    case 'StreamReset':
      rows.clear();
      break;
    case 'SliceCombinationsSnapshot':
      if (message.isFirst) rows.clear();
      for (const row of message.sliceCombinations) rows.set(row.id, row);
      break;
    case 'SliceCombinationChanged':
      rows.set(message.sliceCombination.id, message.sliceCombination);
      break;
    case 'SliceCombinationLeft':
      rows.delete(message.sliceCombinationId);
      break;
  }
}
