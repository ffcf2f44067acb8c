using System.Security.Claims;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>The context of one of several pipelines that a single field runs. It shares everything with the field except the local data.</summary>
internal sealed class ItemContext(ResolverContext of, Type key, object value) : ResolverContext
{
    public override Schema Schema => of.Schema;
    public override FieldDefinition Field => of.Field;
    public override Selection Selection => of.Selection;
    public override ResponsePath Path => of.Path;
    public override IServiceProvider Services => of.Services;
    public override ClaimsPrincipal User => of.User;
    public override CancellationToken RequestAborted => of.RequestAborted;
    public override IDictionary<string, object?> ContextData => of.ContextData;
    public override IDictionary<Type, object> LocalData { get; } = new Dictionary<Type, object> { [key] = value };
    public override T Parent<T>() => of.Parent<T>();
    public override T ArgumentValue<T>(string name) => of.ArgumentValue<T>(name);
    public override bool HasArgument(string name) => of.HasArgument(name);
    public override TLoader DataLoader<TLoader>() => of.DataLoader<TLoader>();
    public override void ReportError(GraphQLError error) => of.ReportError(error);
}
