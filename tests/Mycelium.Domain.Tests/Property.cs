using FsCheck;
using FsCheck.Fluent;

namespace Mycelium.Domain.Tests;

/// <summary>Random cases. A failure prints the case and the seed that reproduces it.</summary>
internal static class Property
{
    private const int Cases = 10_000;

    /// <summary>All 64-bit integers, with extreme and small numbers far more often than by chance.</summary>
    public static readonly Gen<long> AnyLong = Gen.OneOf(
        ArbMap.Default.GeneratorFor<DoNotSize<long>>().Select(number => number.Item),
        ArbMap.Default.GeneratorFor<long>(),
        Gen.Elements(long.MinValue, long.MinValue + 1, -1, 0, 1, 9_007_199_254_740_993, long.MaxValue - 1, long.MaxValue));

    /// <summary>As <see cref="AnyLong"/>, for 32 bits.</summary>
    public static readonly Gen<int> AnyInt = Gen.OneOf(
        ArbMap.Default.GeneratorFor<DoNotSize<int>>().Select(number => number.Item),
        ArbMap.Default.GeneratorFor<int>(),
        Gen.Elements(int.MinValue, -1, 0, 1, int.MaxValue));

    public static void Holds<T>(Gen<T> cases, Action<T> check, int count = Cases) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true), Prop.ForAll(cases.ToArbitrary(), check));

    /// <summary>Evenly distributed between two non-negative bounds, inclusive, with the bounds themselves more often.</summary>
    public static Gen<long> Between(long min, long max)
    {
        ulong span = (ulong)(max - min) + 1;
        Gen<long> even = ArbMap.Default.GeneratorFor<DoNotSize<ulong>>().Select(number => min + (long)(number.Item % span));
        return Gen.Frequency((8, even), (1, Gen.Constant(min)), (1, Gen.Constant(max)));
    }
}
