using Microsoft.AspNetCore.Http;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>The header <c>GraphQL-Cost</c>: <c>report</c> or <c>validate</c>; any other value is ignored.</summary>
internal static class CostHeader
{
    private const string Name = "GraphQL-Cost";

    public static CostMode Read(IHeaderDictionary headers) => headers.TryGetValue(Name, out var values) && values is [{ } value]
        ? value.Trim() switch
        {
            var text when text.Equals("report", StringComparison.OrdinalIgnoreCase) => CostMode.Report,
            var text when text.Equals("validate", StringComparison.OrdinalIgnoreCase) => CostMode.Validate,
            _ => CostMode.None,
        }
        : CostMode.None;
}
