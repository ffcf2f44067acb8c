using System.Globalization;
using System.Text.Json;

namespace Mycelium.GraphQL.Tests.Hosting;

public static class Json
{
    /// <summary>Dollars: the schema writes them as text with six digits after the point, which no reader rounds.</summary>
    public static decimal GetDollars(this JsonElement value)
    {
        string text = value.GetString()!;
        Assert.Equal(6, text.Length - 1 - text.IndexOf('.', StringComparison.Ordinal));
        return decimal.Parse(text, CultureInfo.InvariantCulture);
    }
}
