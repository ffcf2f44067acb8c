using System.Text.Json;

namespace Mycelium.Testing;

/// <summary>Classifies messages of a subscription.</summary>
public static class StreamMessages
{
    /// <summary><c>SNAPSHOT</c>, <c>RESET</c> or <c>BOOKMARK</c> by its <c>__typename</c>; otherwise the reason of the change.</summary>
    public static string Kind(this JsonElement message) => message.GetProperty("__typename").GetString() switch
    {
        "StreamReset" => "RESET",
        "StreamBookmark" => "BOOKMARK",
        { } name when name.EndsWith("Snapshot", StringComparison.Ordinal) => "SNAPSHOT",
        _ => message.GetProperty("reason").GetString()!,
    };
}
