using System.Diagnostics;
using System.Text.Json;

namespace Mycelium.EndToEnd.Tests;

/// <summary>A mutation that is sent until it is answered, as a well-behaved client does.</summary>
/// <param name="act">Its field, such as <c>extendRental</c>.</param>
/// <param name="input">With the same idempotency key each time.</param>
/// <param name="mayDie">Whether the replica may die meanwhile. Otherwise a lost connection is an error.</param>
internal sealed class Mutation(string act, object input, bool mayDie = false)
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(90);

    private static readonly Dictionary<string, string> fields = new()
    {
        ["extendRental"] = "... on RentalExtended { charged }",
        ["cancelRental"] = "... on RentalCancelled { refund }",
        ["setAutoRenew"] = "... on AutoRenewSet { refund }",
        ["setSpendingLimit"] = "... on SpendingLimitSet { rental { spendingLimit } }",
        ["rentSlices"] = "... on SlicesRented { rental { id } }",
        ["rentNode"] = "... on NodeRented { rental { id } }",
        ["placeMachine"] = "... on MachinePlaced { rental { id sliceTotal } } ... on NodeFull { requested available }",
        ["withdrawFunds"] = "... on WithdrawalRequested { withdrawal { id } }",
    };

    private readonly string query =
        $"mutation ($input: {char.ToUpperInvariant(act[0])}{act[1..]}Input!) {{ {act}(input: $input) {{ __typename {fields.GetValueOrDefault(act)} "
        + "... on Problem { code } } }";

    /// <summary>How often it was answered with UNAVAILABLE, or not at all.</summary>
    public int RepeatCount { get; private set; }

    /// <summary>Returns the member of the result union.</summary>
    /// <param name="renter">Who sends it.</param>
    /// <param name="replica">Where to, at each attempt.</param>
    public async Task<JsonElement> SendAsync(Renter renter, Func<Uri> replica)
    {
        var sending = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                JsonElement response = await renter.At(replica()).Send(query, new { input });
                if (!response.TryGetProperty("errors", out JsonElement errors))
                    return response.GetProperty("data").GetProperty(act);
                bool isUnavailable = errors[0].GetProperty("extensions").GetProperty("code").GetString() == "UNAVAILABLE";
                Assert.True(isUnavailable && sending.Elapsed < patience, $"{act}: {response.GetRawText()}");
            }
            catch (HttpRequestException) when (mayDie && sending.Elapsed < patience)
            {
                await Task.Delay(50); // The next replica is not there yet.
            }
            RepeatCount++;
        }
    }
}
