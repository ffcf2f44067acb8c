using System.Globalization;
using System.Text.Json;

namespace Mycelium.GraphQL.Tests.Hosting;

public static class Json
{
    /// <summary>Reads dollars, which the schema writes as text with six decimals so that no reader rounds them.</summary>
    public static decimal GetDollars(this JsonElement value)
    {
        string text = value.GetString()!;
        Assert.Equal(6, text.Length - 1 - text.IndexOf('.', StringComparison.Ordinal));
        return decimal.Parse(text, CultureInfo.InvariantCulture);
    }
}
