using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>A document, and optionally an operation of it, in the URL of a request: <c>/graphql/persisted/{documentId}/{operationName}</c>.</summary>
internal static class AddressedDocument
{
    public const string IdValue = "documentId";
    public const string NameValue = "operationName";

    /// <summary>Null for a request to any other URL.</summary>
    public static string? IdIn(HttpRequest request) => request.RouteValues.TryGetValue(IdValue, out object? id) ? id as string : null;

    /// <summary>Parameters must not repeat what the URL says.</summary>
    public static RequestParameters Apply(HttpRequest request, RequestParameters parameters) => IdIn(request) is not { } id
        ? parameters
        : parameters with { Query = null, DocumentId = id, OperationName = NameIn(request) ?? parameters.OperationName };

    /// <summary>The parameters of a GET request, combined with those in the URL.</summary>
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
