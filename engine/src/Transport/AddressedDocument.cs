using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>A document, and perhaps an operation of it, that the address of a request names: <c>/graphql/persisted/{documentId}/{operationName}</c>.</summary>
internal static class AddressedDocument
{
    public const string IdValue = "documentId";
    public const string NameValue = "operationName";

    /// <summary>Null for a request to any other address.</summary>
    public static string? IdIn(HttpRequest request) => request.RouteValues.TryGetValue(IdValue, out object? id) ? id as string : null;

    /// <summary>What the address says is not said otherwise by the parameters.</summary>
    public static RequestParameters Apply(HttpRequest request, RequestParameters parameters) => IdIn(request) is not { } id
        ? parameters
        : parameters with { Query = null, DocumentId = id, OperationName = NameIn(request) ?? parameters.OperationName };

    /// <summary>The parameters of a GET request with what the address says.</summary>
    public static QueryCollection Apply(HttpRequest request)
    {
        Dictionary<string, StringValues> parameters = request.Query.ToDictionary(StringComparer.Ordinal);
        parameters.Remove("query");
        parameters[IdValue] = IdIn(request);
        if (NameIn(request) is { } name)
            parameters[NameValue] = name;
        return new QueryCollection(parameters);
    }

    private static string? NameIn(HttpRequest request) => request.RouteValues.GetValueOrDefault(NameValue) as string;
}
