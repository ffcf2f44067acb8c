using System.Text.Json;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>The request parameter <c>onError</c>; see <see cref="ErrorHandling"/>.</summary>
internal static class OnErrorParameter
{
    public const string Name = "onError";

    /// <returns>What is wrong, or null.</returns>
    public static string? Take(ref Utf8JsonReader reader, out ErrorHandling? mode)
    {
        reader.Read();
        mode = null;
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => Parse(reader.GetString(), out mode),
            _ => Problem,
        };
    }

    /// <param name="text">Null when the parameter was not given.</param>
    /// <param name="mode">Null for the server's default.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Parse(string? text, out ErrorHandling? mode)
    {
        mode = text switch
        {
            "PROPAGATE" => ErrorHandling.Propagate,
            "NULL" => ErrorHandling.Null,
            "HALT" => ErrorHandling.Halt,
            _ => null,
        };
        return mode is null && text is not null ? Problem : null;
    }

    private const string Problem = "\"onError\" must be \"PROPAGATE\", \"NULL\" or \"HALT\".";
}
