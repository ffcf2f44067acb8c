using System.Globalization;
using System.Text;

namespace Mycelium.GraphQL.Engine.Relay;

/// <summary>Opaque global ids: base64 of <c>TypeName:value</c>.</summary>
public static class NodeId
{
    /// <summary>Longer ids are not ours, and are rejected before they are decoded.</summary>
    private const int LengthMax = 512;

    /// <summary>How much of a rejected id its message shows: IDs from this API are shorter.</summary>
    private const int ShownLengthMax = 64;

    /// <param name="value">A string, a whole number or a <see cref="Guid"/>.</param>
    public static string Encode(string typeName, object value)
    {
        string text = value is Guid id ? id.ToString("N") : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return Convert.ToBase64String(Encoding.UTF8.GetBytes($"{typeName}:{text}"));
    }

    /// <summary>False when the text is not an id of this service.</summary>
    public static bool TryDecode(string id, out string typeName, out string value)
    {
        (typeName, value) = ("", "");
        Span<byte> bytes = stackalloc byte[LengthMax];
        if (id.Length > LengthMax || !Convert.TryFromBase64String(id, bytes, out int length))
            return false;
        string text = Encoding.UTF8.GetString(bytes[..length]);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1)
            return false;
        (typeName, value) = (text[..colon], text[(colon + 1)..]);
        return true;
    }

    /// <summary>The end of a message: what is wrong with an id that cannot be read.</summary>
    internal static string Malformed(string id) =>
        $"\"{(id.Length <= ShownLengthMax ? id : id[..ShownLengthMax] + "…")}\" is not an ID from this API; use one you received.";
}
