using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mycelium.Bench.Peers;

/// <summary>
/// The values of a response, in any notation: a server may write a number as text, an ID in base64, an enum value as stored, and money as
/// whole micro-dollars.
/// </summary>
internal static class PeerAnswer
{
    /// <summary>Returns the same text for the same values, regardless of the order of fields.</summary>
    public static string Plain(string answer)
    {
        JsonObject response = JsonNode.Parse(answer)!.AsObject();
        return response.ContainsKey("errors") ? throw new InvalidOperationException(answer) : Plain("data", response["data"]);
    }

    private static string Plain(string name, JsonNode? value) => value switch
    {
        null => "null",
        JsonObject fields =>
            "{"
            + string.Join(", ", fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}: {Plain(field.Key, field.Value)}"))
            + "}",
        JsonArray items => $"[{string.Join(", ", items.Select(item => Plain(name, item)))}]",
        _ => Plain(name, value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()),
    };

    private static string Plain(string name, string value) => name switch
    {
        "id" when !value.All(char.IsAsciiDigit) => Encoding.UTF8.GetString(Convert.FromBase64String(value)).Split(':')[1],
        "status" or "certification" => value.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant(),
        "pricePerHour" or "pricePerMonth" when value.Contains('.', StringComparison.Ordinal) =>
            (decimal.Parse(value, CultureInfo.InvariantCulture) * 1_000_000).ToString("F0", CultureInfo.InvariantCulture),
        _ => double.TryParse(value, CultureInfo.InvariantCulture, out double number) ? number.ToString("R", CultureInfo.InvariantCulture) : value,
    };
}
