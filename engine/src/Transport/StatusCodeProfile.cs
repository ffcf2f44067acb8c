namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>The edition of GraphQL over HTTP that determines the status of a response.</summary>
public enum StatusCodeProfile
{
    /// <summary>
    /// As in graphql-http's audits, and so in most servers and clients: 200 with data, 400 for a request error, and 200 for either when the client
    /// accepts <c>application/json</c>.
    /// </summary>
    Audited,

    /// <summary>
    /// As in the draft of August 2026, whatever the client accepts: 200 with data and no error, 294 with data and errors, 400 for what does not
    /// parse, 422 for what parses and cannot be executed. <see href="https://graphql.github.io/graphql-over-http/draft/"/>
    /// </summary>
    Draft2026,
}
