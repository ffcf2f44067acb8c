using System.Text.Json;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>The parameters of a request, as they came over HTTP or a socket. <c>default</c> elements were not given, or were null.</summary>
internal readonly record struct RequestParameters(
    string? Query, string? DocumentId, string? OperationName, JsonElement Variables, JsonElement Extensions, ErrorHandling? OnError = null)
{
    /// <summary>Whether anything says which document is meant: its text, its id, or its hash as Apollo's clients send it.</summary>
    public bool NamesDocument => Query is not null || DocumentId is not null || AutomaticPersistedQuery.IsIn(Extensions);
}
