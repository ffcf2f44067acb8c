import { graphql } from 'relay-runtime';

/** One line of a market page. */
export const Offer = graphql`
  fragment Offer on SliceCombination {
    id
    multiplier
    pricePerHour
    quantityAvailable
    gridNode {
      ...OfferNode
    }
  }
`;

/** Refetched on its own when a person opens the line: GridNode is a Node, so Relay generates the query. */
export const OfferNode = graphql`
  fragment OfferNode on GridNode @refetchable(queryName: "OfferNodeQuery") {
    gridId
    country
    status
    uptimePercent
  }
`;
