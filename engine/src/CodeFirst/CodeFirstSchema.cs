using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Builds the schema from what a service has registered. Runs once, at startup.</summary>
internal static class CodeFirstSchema
{
    /// <exception cref="SchemaException">Lists every problem with its coordinate.</exception>
    public static Schema Build(SchemaConfiguration configuration, IServiceProviderIsService services, RequestOptions options)
    {
        var bindings = new ClrBindings();
        foreach (Action<ClrBindings> bind in configuration.Bindings)
            bind(bindings);
        var classes = new TypeClasses(configuration);
        var compiler = new ResolverCompiler(services, configuration.Binders);
        var draft = new SchemaDraft(classes, bindings, new NodeTypes(classes, bindings, compiler), compiler, options.Cost);

        ObjectType query = Root(draft, configuration, OperationType.Query, "Query")
            ?? throw new SchemaException("schema: no class has [QueryType], and there is no AddQueryType.");
        ObjectType? mutation = Root(draft, configuration, OperationType.Mutation, "Mutation");
        ObjectType? subscription = Root(draft, configuration, OperationType.Subscription, "Subscription");
        foreach (Type type in classes.Exposed)
            draft.Report(type.Name, () => draft.OutputTypeOf(type));
        draft.Run();
        draft.Report("schema", () => Implement(draft));
        draft.Run();
        List<DirectiveDefinition> directives = [.. draft.Types.BuiltInDirectives(), .. Incremental(draft.Types, options)];
        foreach (string sdl in configuration.Directives.Prepend(CostDirectives.Sdl))
            draft.Report("schema", () => directives.AddRange(DirectiveSyntax.Define(draft, sdl)));
        foreach (string twice in NameRules.Repeated(directives.Select(directive => directive.Name)))
            draft.Report($"@{twice}", () => throw new SchemaException("there is more than one directive with this name."));
        SchemaException.ThrowIfAny(draft.Problems);

        ObjectType?[] roots = [query, mutation, subscription];
        Schema schema = draft.Types.Complete(
            new SchemaRoots(query, mutation, subscription, configuration.Description)
            {
                Directives = [.. configuration.SchemaDirectives.SelectMany(DirectiveSyntax.Parse)],
            },
            [.. roots.OfType<ObjectType>(), .. draft.Types.Added.Except(roots).OfType<NamedType>().OrderBy(type => type.Name, StringComparer.Ordinal)],
            directives);
        SchemaException.ThrowIfAny(SdlDirectiveRules.Check(SchemaDocument.Of(schema), schema.Directives));
        return schema;
    }

    private static IEnumerable<DirectiveDefinition> Incremental(TypeTable types, RequestOptions options)
    {
        if (options.EnableDefer)
            yield return types.DeferDirective();
        if (options.EnableStream)
            yield return types.StreamDirective();
    }

    private static ObjectType? Root(SchemaDraft draft, SchemaConfiguration configuration, OperationType operation, string name)
    {
        Type[] sources = [.. draft.Classes.Roots(operation)];
        if (sources.Length == 0)
            return null;
        ObjectType type = draft.Add(new ObjectType(name) { Description = configuration.RootDescriptions.GetValueOrDefault(operation) });
        draft.WhenItsTurn(name, () =>
        {
            List<FieldDescriptor> fields = [.. sources.SelectMany(source => draft.Fields.OfClass(name, source, target: null, speakers: []))];
            if (operation == OperationType.Query && draft.Nodes.All.Count > 0)
                fields.InsertRange(0, new NodeFields(draft).AddTo(draft));
            foreach (FieldDescriptor silent in fields.Where(field => operation == OperationType.Subscription && field.Subscribe is null))
                draft.Report($"{name}.{silent.Name}", () => throw new SchemaException("no [Subscribe] says where its events come from."));
            draft.SetFields(type, fields);
        });
        return type;
    }

    /// <summary>Every object, and every interface, implements the interfaces in the schema that its CLR type implements.</summary>
    private static void Implement(SchemaDraft draft)
    {
        var node = draft.Types.Find("Node") as InterfaceType;
        InterfaceType[] interfaces =
            [.. draft.Types.Added.OfType<InterfaceType>().Where(type => type.RuntimeType is not null).OrderBy(type => type.Name, StringComparer.Ordinal)];
        foreach (ComplexType type in draft.Types.Added.OfType<ComplexType>().Where(type => type.RuntimeType is not null))
        {
            IEnumerable<InterfaceType> implemented = interfaces.Where(
                candidate => candidate != type && candidate.RuntimeType!.IsAssignableFrom(type.RuntimeType));
            type.Interfaces = node is not null && draft.Nodes.Find(type.RuntimeType!) is not null ? [node, .. implemented] : [.. implemented];
            AddHidden(draft, type);
        }
    }

    /// <summary>A class that implements an interface property explicitly still shows it.</summary>
    private static void AddHidden(SchemaDraft draft, ComplexType type)
    {
        FieldDefinition[] hidden = [.. type.Interfaces.Where(of => of.RuntimeType is not null).SelectMany(of => of.Fields)
            .Where(field => field.Member is not null && type.Fields.Find(field.Name) is null).DistinctBy(field => field.Name)
            .Select(field => FieldDefiner.Define(draft, type, draft.Fields.OfProperty(field.Member!, type.RuntimeType!, [])))];
        if (hidden.Length > 0)
            type.Fields = new FieldCollection<FieldDefinition>([.. type.Fields, .. hidden]);
    }
}
