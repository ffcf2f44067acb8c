using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;

// The usual namespace for such methods, so that they are found without a using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a storage of the documents that requests name. Storages are searched in the order in which they are added.</summary>
public static class PersistedOperationSetup
{
    public static GraphQLServerBuilder AddOperationDocumentStorage<TStorage>(this GraphQLServerBuilder builder)
        where TStorage : class, IOperationDocumentStorage
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IOperationDocumentStorage, TStorage>();
        return builder;
    }

    public static GraphQLServerBuilder AddOperationDocumentStorage(this GraphQLServerBuilder builder, IOperationDocumentStorage storage)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton(storage);
        return builder;
    }

    /// <summary>
    /// Documents that everybody may run, read once at startup: <c>{id}.graphql</c> files, and manifests (<c>*.json</c>) of Relay, GraphQL Code
    /// Generator or Apollo. An id of 64 hex digits must be the SHA-256 of its text.
    /// </summary>
    /// <exception cref="InvalidOperationException">The folder does not exist, or its contents are invalid.</exception>
    public static GraphQLServerBuilder AddFileSystemOperationDocumentStorage(this GraphQLServerBuilder builder, string folder) =>
        builder.AddOperationDocumentStorage(OperationDocumentFolder.Read(folder));

    /// <summary>Defines <c>@cacheControl</c>, which <see cref="CacheControlAttribute"/> applies to fields and types.</summary>
    public static GraphQLServerBuilder AddCacheControl(this GraphQLServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddType<CacheControlScope>().AddDirectives(CacheControlDirective.Definition);
    }

    /// <summary>See <see cref="PersistedOperationOptions.AllowAutomaticPersistedOperations"/>.</summary>
    public static GraphQLServerBuilder UseAutomaticPersistedOperationPipeline(this GraphQLServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ModifyRequestOptions(options => options.PersistedOperations.AllowAutomaticPersistedOperations = true);
    }
}
