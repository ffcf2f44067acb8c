namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Which edition of GraphQL over HTTP says what the status of an answer is.</summary>
public enum StatusCodeProfile
{
    /// <summary>
    /// As graphql-http's audits have it, and so most servers and clients: 200 with data, 400 for a request error, and 200 for either when the client takes
    /// <c>application/json</c>.
    /// </summary>
    Audited,

    /// <summary>
    /// As the draft of August 2026 has it, whatever the client takes: 200 with data and no error, 294 with data and errors, 400 for what does not parse, 422 for what
    /// parses and cannot be executed. <see href="https://graphql.github.io/graphql-over-http/draft/"/>
    /// </summary>
    Draft2026,
}
