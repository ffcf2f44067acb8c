using System.Security.Claims;
using System.Text;
using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Subscribers with equal keys receive the same results, byte for byte.</summary>
/// <param name="Plan">One for each document text, operation, and outcome of its <c>@skip</c> and <c>@include</c>.</param>
/// <param name="Variables">The variables that the response may depend on, as canonical JSON.</param>
/// <param name="Viewer">Everything known about the viewer, if the response may depend on it; else empty.</param>
/// <param name="OnError">How the request handles failed positions.</param>
/// <param name="Cost">Whether messages report their cost.</param>
internal sealed record SharingKey(OperationPlan Plan, string Variables, string Viewer, ErrorHandling? OnError, CostMode Cost)
{
    private static readonly ClaimsPrincipal nobody = new();

    public static SharingKey Of(OperationPlan plan, SharingScope scope, GraphQLRequest request) =>
        new(plan, Canonical(request.Variables, scope), scope.ReadsViewer ? Describe(request.User) : "", request.OnError, request.Cost);

    /// <summary>
    /// How messages of the group are executed: anonymously where the viewer does not matter. If a resolver still looks at the viewer, it shows what
    /// anybody may see.
    /// </summary>
    public EventExecution ForGroup(EventExecution execution) => execution with
    {
        Request = execution.Request with { User = Viewer.Length == 0 ? nobody : execution.Request.User },
    };

    /// <summary>Rights follow from claims, so equal claims have equal rights, whatever token they came from.</summary>
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

    /// <summary>Each with its length, so that no value can be mistaken for several.</summary>
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

    /// <summary>Objects sorted by name. Repeated names keep their order, since the last one counts.</summary>
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
