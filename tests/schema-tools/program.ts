// Part of a frontend as its authors would write it. The types come from the schema, so this compiles only while the schema has everything used here.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type FragmentType, useFragment as read } from './generated';
import { LiveDocument, MarketDocument, OfferFragmentDoc, PlaceFragmentDoc, RentDocument, type SliceCombinationFilterInput } from './generated/graphql';

declare function send<TResult, TVariables>(document: TypedDocumentNode<TResult, TVariables>, variables: TVariables): Promise<TResult>;

export function label(offer: FragmentType<typeof OfferFragmentDoc>): string {
  const { pricePerHour, quantityAvailable, gridNode } = read(OfferFragmentDoc, offer);
  const { country, status } = read(PlaceFragmentDoc, gridNode);
  const dollars: string = pricePerHour;
  const count: number = quantityAvailable;
  return `${country ?? 'somewhere'} (${status satisfies 'UP' | 'DOWN' | 'STANDBY'}): ${count} at ${dollars} an hour`;
}

export async function cheapest(): Promise<string[]> {
  const where: SliceCombinationFilterInput = { region: { eq: 'EUROPE' }, or: [{ multiplier: { in: [1, 2] } }, { quantityAvailable: { gte: 4 } }] };
  const { sliceCombinations } = await send(MarketDocument, { first: 10, where });
  return sliceCombinations.nodes.map((offer) => label(offer));
}

export async function rent(sliceCombinationId: string, sshPublicKey: string): Promise<string> {
  const input = { sliceCombinationId, quantity: 1, term: { hours: 2 }, sshPublicKey, idempotencyKey: crypto.randomUUID() };
  const { rentSlices: answer } = await send(RentDocument, { input });
  switch (answer.__typename) {
    case 'SlicesRented':
      return `${answer.rental.id} until ${answer.rental.endsAt}`;
    case 'InsufficientFunds':
      return `${answer.missing} is missing`;
    default:
      return answer.message;
  }
}

export async function follow(after?: string): Promise<string> {
  const { onSliceCombinationChanged: message } = await send(LiveDocument, { after });
  return message.__typename === 'SliceCombinationChanged' ? label(message.sliceCombination) : message.cursor;
}
