import { graphql } from 'relay-runtime';

/** A list that grows as its reader scrolls. */
export const Market = graphql`
  fragment Market on Query @refetchable(queryName: "MarketPageQuery") @argumentDefinitions(first: { type: "Int", defaultValue: 3 }, after: { type: "String" }) {
    sliceCombinations(first: $first, after: $after, order: [{ pricePerHour: ASC }]) @connection(key: "Market_sliceCombinations") {
      edges {
        node {
          id
          ...Offer
        }
      }
    }
  }
`;

export const MarketQuery = graphql`
  query MarketQuery {
    ...Market
  }
`;

export const MarketRentMutation = graphql`
  mutation MarketRentMutation($input: RentSlicesInput!) {
    rentSlices(input: $input) {
      __typename
      ... on SlicesRented {
        rental {
          id
          gridNode {
            freeSlices
          }
        }
      }
      ... on Problem {
        code
        message
      }
    }
  }
`;

export const MarketLiveSubscription = graphql`
  subscription MarketLiveSubscription($id: ID!) {
    onSliceCombinationChanged(where: { id: { eq: $id } }) {
      __typename
      ... on StreamEvent {
        cursor
      }
      ... on ChangeEvent {
        reason
      }
      ... on SliceCombinationsSnapshot {
        sliceCombinations {
          ...Offer
          quantityAvailable
        }
      }
      ... on SliceCombinationChanged {
        sliceCombination {
          ...Offer
          quantityAvailable
        }
      }
    }
  }
`;
