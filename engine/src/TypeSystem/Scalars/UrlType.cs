using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>An absolute URL.</summary>
public sealed class UrlType : ScalarType<Uri>
{
    private const string Expected = "an absolute URL";

    public UrlType() : base("URL")
    {
        Description = "An absolute URL (RFC 3986).";
        SpecifiedBy = new Uri("https://www.rfc-editor.org/rfc/rfc3986");
    }

    public override object ParseLiteral(ValueNode literal) =>
        literal is StringValueNode node && TryParse(node.Value, out Uri? value) ? value : throw Refuse(literal, Expected);

    public override object ParseJson(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && TryParse(json.GetString()!, out Uri? value) ? value : throw Refuse(json, Expected);

    protected override void WriteValue(Utf8JsonWriter writer, Uri value) =>
        writer.WriteStringValue(value.IsAbsoluteUri ? value.AbsoluteUri : value.OriginalString);

    protected override ValueNode ToLiteralValue(Uri value) => new StringValueNode(default, value.OriginalString);

    /// <summary>On Unix, .NET treats a path as an absolute URI; here it is not one, since it has no scheme.</summary>
    private static bool TryParse(string text, [NotNullWhen(true)] out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && text.StartsWith($"{value.Scheme}:", StringComparison.OrdinalIgnoreCase);
}
