using System.Globalization;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Who may receive a cached value.</summary>
public enum CacheControlScope
{
    /// <summary>Everyone: the value is the same for every caller.</summary>
    Public,

    /// <summary>Only the caller that it was read for.</summary>
    Private,
}

/// <summary>
/// How long caches may keep the response of a persisted query: the shortest time of everything the query selects, and not at all unless every field
/// may be cached. A field without this attribute that shows a property may be cached for as long as its object; a root field, or one with a resolver,
/// may not. Requires <c>AddCacheControl</c>.
/// </summary>
/// <remarks>A field with <see cref="AuthorizeAttribute"/> is never cached, regardless of this attribute.</remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Interface)]
public sealed class CacheControlAttribute : AppliedDirectiveAttribute
{
    public CacheControlAttribute()
    {
    }

    /// <param name="maxAge">Seconds.</param>
    public CacheControlAttribute(int maxAge)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxAge);
        MaxAge = maxAge;
    }

    public int? MaxAge { get; }

    public CacheControlScope Scope { get; init; }

    /// <summary>As long as the object: for a resolver that returns the same value to every caller.</summary>
    public bool InheritMaxAge { get; init; }

    protected internal override string Syntax
    {
        get
        {
            IEnumerable<string> arguments =
            [
                .. MaxAge is { } seconds ? [$"maxAge: {seconds.ToString(CultureInfo.InvariantCulture)}"] : Array.Empty<string>(),
                .. Scope == CacheControlScope.Private ? ["scope: PRIVATE"] : Array.Empty<string>(),
                .. InheritMaxAge ? ["inheritMaxAge: true"] : Array.Empty<string>(),
            ];
            return arguments.Any() ? $"@cacheControl({string.Join(", ", arguments)})" : "@cacheControl";
        }
    }
}
