using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Transport.Sockets;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Reads the parameters of a GET request, and tells whether another site may have made the browser send it.</summary>
internal static class GetRequest
{
    private static readonly string[] PreflightHeaders = ["GraphQL-Preflight", "X-Requested-With", "apollo-require-preflight"];

    public static Refusal? CheckPreflight(HttpRequest request, GraphQLTransportOptions options)
    {
        GetPreflight rule = options.GetPreflight;
        if (rule == GetPreflight.Never || Array.Exists(PreflightHeaders, request.Headers.ContainsKey))
            return null;
        return rule == GetPreflight.CrossSite && !MayBeForged(request, options)
            ? null
            : Refusal.BadRequest($"A GET request that a browser could send for another site needs the header {PreflightHeaders[0]} with any value.");
    }

    public static Refusal? Read(IQueryCollection query, GraphQLTransportOptions options, out RequestParameters parameters)
    {
        JsonElement variables = default, extensions = default;
        string? operationName = null, documentId = null, onErrorText = null;
        ErrorHandling? onError = null;
        string? problem = Take(query, "query", out string? document)
            ?? Take(query, "documentId", out documentId)
            ?? Take(query, "operationName", out operationName)
            ?? TakeMap(query, "variables", options.MaxJsonDepth, out variables)
            ?? TakeMap(query, "extensions", options.MaxJsonDepth, out extensions)
            ?? Take(query, OnErrorParameter.Name, out onErrorText)
            ?? OnErrorParameter.Parse(onErrorText, out onError);

        parameters = new RequestParameters(document, documentId, operationName, variables, extensions, onError);
        problem ??= parameters.NamesDocument ? null : "\"query\" is missing.";
        return problem is null ? null : ResponseStatus.WrongParameters(problem, options.StatusCodes);
    }

    /// <summary>An empty value counts as not given.</summary>
    private static string? Take(IQueryCollection query, string name, out string? value)
    {
        StringValues values = query[name];
        value = values is [{ Length: > 0 } single] ? single : null;
        return values.Count > 1 ? $"\"{name}\" is given more than once." : null;
    }

    private static string? TakeMap(IQueryCollection query, string name, int maxDepth, out JsonElement map)
    {
        map = default;
        string? problem = Take(query, name, out string? json);
        return problem is not null || json is null ? problem : RequestParametersReader.ReadMap(name, Encoding.UTF8.GetBytes(json), maxDepth, out map);
    }

    private static bool MayBeForged(HttpRequest request, GraphQLTransportOptions options)
    {
        IHeaderDictionary headers = request.Headers;
        // A browser states which page sends the request, whenever the page wants a response that it may read.
        if (headers.ContainsKey(HeaderNames.Origin) && SocketOrigin.IsAllowed(request, options))
            return false;
        if (headers.TryGetValue("Sec-Fetch-Site", out StringValues site))
            return site != "same-origin" && site != "none";

        // An old browser, or one that uses plain HTTP to a remote host. Without cookies, origin and referrer there is nothing to exploit.
        bool isFromBrowser = headers.ContainsKey(HeaderNames.Cookie) || headers.ContainsKey(HeaderNames.Origin) || headers.ContainsKey(HeaderNames.Referer);
        return isFromBrowser && !AcceptedFormats.NamesJson(headers.Accept);
    }
}
