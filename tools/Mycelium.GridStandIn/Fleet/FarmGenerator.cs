using System.Globalization;

namespace Mycelium.GridStandIn.Fleet;

/// <summary>Generates farm n from the seed: one in ten is dedicated and one in ten has public addresses, as in the grid's own test data.</summary>
internal sealed class FarmGenerator(long seed)
{
    private static readonly string[] First =
    [
        "alder", "amber", "birch", "cedar", "clover", "coral", "delta", "ember", "fern", "flint", "harbor", "hazel", "iris",
        "juniper", "lark", "maple", "north", "oak", "pine", "quartz", "river", "sage", "spruce", "willow",
    ];
    private static readonly string[] Second =
    [
        "acre", "bank", "barn", "brook", "cove", "dale", "field", "gate", "grove", "hill", "lake",
        "meadow", "mill", "park", "ridge", "shore", "spring", "stead", "vale", "yard",
    ];

    public GridFarm Make(int farmId)
    {
        var random = new Randomness(seed, "farm", farmId);
        string name = string.Create(CultureInfo.InvariantCulture, $"{random.Of(First)}-{random.Of(Second)}-{farmId}");
        bool dedicated = random.Chance(10);
        string certification = random.Chance(85) ? "NotCertified" : random.Chance(70) ? "Silver" : "Gold";
        string stellar = random.Chance(70) ? StellarAddress(ref random) : "";
        int addresses = random.Chance(10) ? (int)random.Between(2, 16) : 0;
        var ips = new PublicIp[addresses];
        for (int index = 0; index < addresses; index++)
            ips[index] = Address(farmId, index, ref random);
        return new GridFarm(name, farmId, TwinId: 2_000_000 + farmId, certification, stellar, dedicated, ips);
    }

    /// <summary>The country of the farm's nodes.</summary>
    public Country CountryOf(int farmId)
    {
        var random = new Randomness(seed, "country", farmId);
        return Places.Draw(ref random);
    }

    private static PublicIp Address(int farmId, int index, ref Randomness random)
    {
        string block = (farmId % 3) switch { 0 => "192.0.2", 1 => "198.51.100", _ => "203.0.113" };
        long contract = random.Chance(40) ? random.Between(1, 900_000) : 0;
        return new PublicIp(
            string.Create(CultureInfo.InvariantCulture, $"{farmId:D10}-{index + 1:D6}-{random.Next() & 0xFFFFF:x5}"),
            string.Create(CultureInfo.InvariantCulture, $"{block}.{index + 10}/24"),
            block + ".1",
            contract);
    }

    private static string StellarAddress(ref Randomness random)
    {
        const string base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        Span<char> letters = stackalloc char[56];
        letters[0] = 'G';
        for (int index = 1; index < letters.Length; index++)
            letters[index] = base32[(int)random.Between(0, 31)];
        return new string(letters);
    }
}
