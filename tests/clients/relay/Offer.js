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

/** Read again by itself when somebody opens the line: GridNode is a Node, so that Relay makes the query. */
export const OfferNode = graphql`
  fragment OfferNode on GridNode @refetchable(queryName: "OfferNodeQuery") {
    gridId
    country
    status
    uptimePercent
  }
`;
