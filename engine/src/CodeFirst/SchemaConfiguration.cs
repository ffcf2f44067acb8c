using System.Reflection;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>What a service has configured through <see cref="GraphQLServerBuilder"/>, until the schema is built from it.</summary>
internal sealed class SchemaConfiguration
{
    public List<Assembly> Assemblies { get; } = [];
    public List<(OperationType Operation, Type Class)> Roots { get; } = [];
    public List<Type> Types { get; } = [];
    public List<Type> Extensions { get; } = [];
    public List<IParameterBinder> Binders { get; } = [];
    public List<Action<ClrBindings>> Bindings { get; } = [];
    public List<InvalidInputResult> InvalidInputResults { get; } = [];
    public List<string> Directives { get; } = [];
    public List<string> SchemaDirectives { get; } = [];
    public string? Description { get; set; }
    public Dictionary<OperationType, string> RootDescriptions { get; } = [];
}
