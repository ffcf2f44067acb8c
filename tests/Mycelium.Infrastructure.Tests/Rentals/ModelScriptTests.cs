using System.Diagnostics;
using System.Globalization;
using Mycelium.Infrastructure.Tests.Postgres;
using Xunit.Abstractions;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>
/// Whatever renters, farmers and time do, in whatever order: every answer, every balance and every rental is what <see cref="RentalModel"/> says. The variable
/// MYCELIUM_SEED names another seed, such as that of a script that failed elsewhere.
/// </summary>
public sealed class ModelScriptTests(ITestOutputHelper output)
{
    private static readonly int[] seeds =
        Environment.GetEnvironmentVariable("MYCELIUM_SEED") is { } given ? [int.Parse(given, CultureInfo.InvariantCulture)] : [1, 2, 3];

    public static TheoryData<int> Seeds => [.. seeds];

    [Fact]
    public Task Money_and_rentals_are_what_the_model_says() => RunAsync(seeds[0], steps: 300);

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Seeds))]
    public Task Money_and_rentals_are_what_the_model_says_after_ten_thousand_operations(int seed) => RunAsync(seed, steps: 10_000);

    private async Task RunAsync(int seed, int steps)
    {
        long begun = Stopwatch.GetTimestamp();
        await using TestMarket market = await TestMarket.OpenAsync(settings: ModelScript.Settings);
        ModelScript script = await ModelScript.StartAsync(market, seed);
        await script.RunAsync(steps);
        output.WriteLine($"seed {seed}, {steps} operations in {Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s: {script.Summary}");
    }
}
