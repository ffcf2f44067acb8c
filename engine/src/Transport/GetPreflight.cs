namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// When a GET query must have one of the headers <c>GraphQL-Preflight</c>, <c>X-Requested-With</c> or <c>apollo-require-preflight</c>. A page of
/// another site cannot set these without the browser asking the server first. POST does not need one: its content type already makes the browser ask.
/// </summary>
public enum GetPreflight
{
    /// <summary>Never: for a server behind a gateway that blocks other sites.</summary>
    Never,

    /// <summary>
    /// When a browser may have sent the request for another site: it says so (<c>Sec-Fetch-Site</c>), or it does not say, sends cookies, an origin or
    /// a referrer, and does not name a JSON type in <c>Accept</c>, which links, images, scripts and forms cannot do.
    /// </summary>
    CrossSite,

    /// <summary>Always. Stricter than graphql-http's audit 5A70 expects.</summary>
    Always,
}
