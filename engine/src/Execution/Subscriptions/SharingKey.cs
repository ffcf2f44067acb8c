using System.Security.Claims;
using System.Text;
using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Subscribers with equal keys are told the same, byte for byte.</summary>
/// <param name="Plan">One for each text of a document, operation, and outcome of its <c>@skip</c> and <c>@include</c>.</param>
/// <param name="Variables">Those that the answer may depend on, as canonical JSON.</param>
/// <param name="Viewer">All that is known of the viewer, where the answer may depend on it; else empty.</param>
/// <param name="OnError">What the request wants to become of positions that fail.</param>
/// <param name="Cost">Whether messages tell their cost.</param>
internal sealed record SharingKey(OperationPlan Plan, string Variables, string Viewer, ErrorHandling? OnError, CostMode Cost)
{
    private static readonly ClaimsPrincipal nobody = new();

    public static SharingKey Of(OperationPlan plan, SharingScope scope, GraphQLRequest request) =>
        new(plan, Canonical(request.Variables, scope), scope.ReadsViewer ? Describe(request.User) : "", request.OnError, request.Cost);

    /// <summary>
    /// How messages of the group are executed: where the viewer does not matter, as nobody. Should a resolver look at the viewer all the same, it shows what anybody
    /// may see.
    /// </summary>
    public EventExecution ForGroup(EventExecution execution) => execution with
    {
        Request = execution.Request with { User = Viewer.Length == 0 ? nobody : execution.Request.User },
    };

    /// <summary>Rights follow from claims, so that the same claims have the same rights, whichever token brought them.</summary>
    private static string Describe(ClaimsPrincipal user)
    {
        var text = new StringBuilder("viewer");
        foreach (ClaimsIdentity identity in user.Identities)
        {
            Add(text, identity.IsAuthenticated ? "+" : "-", identity.AuthenticationType);
            foreach (Claim claim in identity.Claims.OrderBy(claim => claim.Type, StringComparer.Ordinal).ThenBy(claim => claim.Value, StringComparer.Ordinal))
                Add(text, claim.Type, claim.Value, claim.Issuer);
        }
        return text.ToString();
    }

    /// <summary>Each with its length, so that no value can pass for several.</summary>
    private static void Add(StringBuilder text, params ReadOnlySpan<string?> parts)
    {
        foreach (string? part in parts)
            text.Append('|').Append(part?.Length ?? -1).Append(':').Append(part);
    }

    private static string Canonical(JsonElement variables, SharingScope scope)
    {
        if (variables.ValueKind != JsonValueKind.Object)
            return "{}";
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            foreach (string name in scope.Variables)
            {
                if (!variables.TryGetProperty(name, out JsonElement value))
                    continue;
                writer.WritePropertyName(name);
                Write(writer, value);
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length);
    }

    /// <summary>Objects in the order of their names; a name that is given twice keeps its order, since the last one counts.</summary>
    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
