using System.Text.Json;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Rentals;

/// <summary>Requests that several tests of rentals send.</summary>
internal static class Renting
{
    public const string Rented =
        """
        ... on SlicesRented {
          rental {
            id paid refunded pricePerHour status term { hours months discountPercent } quantity multiplier sliceTotal startsAt endsAt
            gridNode { gridId freeSlices }
          }
        }
        """;
    public static readonly string SshKey = A.Ed25519Line(filledWith: 7);

    public static Dictionary<string, object?> Input(
        this ApiHost host, long gridId, int multiplier = 1, int quantity = 1, object? term = null, string? quoteToken = null) => new()
        {
            ["sliceCombinationId"] = ApiHost.Combination(gridId, multiplier),
            ["quantity"] = quantity,
            ["term"] = term ?? new { hours = 24 },
            ["sshPublicKey"] = SshKey,
            ["idempotencyKey"] = host.NewKey(),
            ["quoteToken"] = quoteToken,
        };

    /// <summary>Lets a rental wait in grace, as if it had failed to renew itself. No operation does that at once, so triggers are off for it.</summary>
    public static Task LetWaitInGraceAsync(this ApiHost host, string rentalId) => host.SqlAsync(
        $$"""
        BEGIN;
        SET LOCAL session_replication_role = replica;
        UPDATE rentals SET status = 'Grace', auto_renew_max = price_per_hour, grace_ends_at = ends_at + interval '3 days', version = version + 1
        WHERE id = '{{(NodeId.TryDecode(rentalId, out _, out string id) ? id : rentalId)}}';
        COMMIT
        """);

    public static async Task<JsonElement> RentAsync(this Api renter, object input) =>
        Refusal.AssertNone("SlicesRented", await renter.MutateAsync("rentSlices", input, Rented)).GetProperty("rental");

    public static async Task<JsonElement> QuoteAsync(this Api caller, long gridId, int multiplier = 1, int quantity = 1, object? term = null) =>
        (await caller.DataAsync(
            """
            query($input: RentalQuoteInput!) {
              answer: rentalQuote(input: $input) {
                __typename
                ... on Problem { message code }
                ... on RentalQuoted { quote { total listPrice discountAmount pricePerHour validUntil token lines { label amount } } }
              }
            }
            """,
            new { input = new { sliceCombinationId = ApiHost.Combination(gridId, multiplier), quantity, term = term ?? new { hours = 24 } } }))
                .GetProperty("answer");

    public static async Task<JsonElement> QuotedAsync(this Api caller, long gridId, int multiplier = 1, int quantity = 1, object? term = null) =>
        Refusal.AssertNone("RentalQuoted", await caller.QuoteAsync(gridId, multiplier, quantity, term)).GetProperty("quote");
}
