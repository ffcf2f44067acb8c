import type { TabDefinition } from '@graphiql/react';

/** Tokens come from POST /account/login; ./run prints those of the demo accounts. */
export const headers = `{
  "Authorization": "Bearer <token of /account/login>"
}`;

const market = `# What can be rented in Europe, the cheapest first.
# Run it with the button, or with Ctrl-Enter.
# The documentation is behind the book on the left.
query Market {
  sliceCombinations(
    first: 5
    where: {
      region: { eq: EUROPE }
      quantityAvailable: { gte: 1 }
    }
    order: [{ pricePerHour: ASC }]
  ) {
    nodes {
      id
      country
      city
      multiplier
      pricePerHour
      quantityAvailable
      gridNode {
        grid
        gridId
        status
        uptimePercent
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const node = `# One machine of a grid and what it sells. Its number is the grid's own; without a grid it is the main one.
query NodePage($gridId: Long!, $grid: String! = "main") {
  gridNode(gridId: $gridId, grid: $grid) {
    id
    grid
    gridId
    country
    city
    status
    uptimePercent
    freeSlices
    farm {
      name
      certification
    }
    sliceCombinations {
      id
      multiplier
      pricePerHour
      quantityAvailable
    }
  }
}
`;

const rent = `# Needs a token: put it into the headers below. Take an id
# from the first tab, and put it into the variables, twice.
#
# First the exact price …
query Quote($quote: RentalQuoteInput!) {
  rentalQuote(input: $quote) {
    ... on RentalQuoted {
      quote {
        total
        validUntil
        token
        lines {
          label
          amount
        }
      }
    }
    ... on Problem {
      code
      message
    }
  }
}

# … then the rental. With "quoteToken" in its input, exactly
# the quote is charged. Each rental has an idempotencyKey of
# its own: the same one again gives the same answer again.
mutation Rent($rental: RentSlicesInput!) {
  rentSlices(input: $rental) {
    __typename
    ... on SlicesRented {
      rental {
        id
        paid
        endsAt
      }
    }
    ... on Problem {
      code
      message
    }
  }
}
`;

const live = `# A snapshot, then every change as it is committed.
# Rent something elsewhere, and see it here.
subscription Live($after: String) {
  onSliceCombinationChanged(
    after: $after
    where: { region: { eq: EUROPE }, multiplier: { eq: 1 } }
  ) {
    __typename
    ... on StreamEvent {
      cursor
    }
    ... on ChangeEvent {
      reason
    }
    ... on SliceCombinationsSnapshot {
      sliceCombinations {
        id
        quantityAvailable
        pricePerHour
      }
    }
    ... on SliceCombinationChanged {
      sliceCombination {
        id
        quantityAvailable
        pricePerHour
      }
    }
  }
}
`;

// A public key for the example; its private half was thrown away.
const sshPublicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGx9dcVVXTyE4j7Sg3rUFvbIWnE2LckTZP5A7QkWJ1bM demo';
const wish = { sliceCombinationId: 'from the first tab', quantity: 1, term: { hours: 2 } };
const show = (variables: object) => JSON.stringify(variables, null, 2);

export const tabs: TabDefinition[] = [
  { query: market, headers },
  { query: node, variables: show({ gridId: 574 }), headers },
  { query: rent, variables: show({ quote: wish, rental: { ...wish, sshPublicKey, idempotencyKey: `graphiql-${crypto.randomUUID()}` } }), headers },
  { query: live, variables: show({ after: null }), headers },
];
