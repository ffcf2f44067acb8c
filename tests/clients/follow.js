/** Streams what matches now, with the position of the stream; `$after` is the position to resume from. */
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

/** A graphql-ws client whose subscriptions resume where they were after a lost connection. */
export function resuming(client) {
  return {
    ...client,
    subscribe(request, sink) {
      const payload = { ...request, variables: { ...request.variables } };
      return client.subscribe(payload, {
        next(result) {
          sink.next(result);
          const cursor = Object.values(result.data ?? {})[0]?.cursor;
          // graphql-ws sends this same object again on a new connection.
          if (cursor) payload.variables.after = cursor;
        },
        error: (failure) => sink.error(failure),
        complete: () => sink.complete(),
      });
    },
  };
}

/** Applies a message to a client's rows, which are keyed by id. */
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
