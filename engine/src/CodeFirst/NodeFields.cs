using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Relay's <c>Node</c> interface and the fields <c>node</c> and <c>nodes</c> of the query root.</summary>
internal sealed class NodeFields
{
    /// <summary>Each id may need a query of its own.</summary>
    public const int IdCountMax = 50;

    private readonly Dictionary<string, Fetcher> fetchers = new(StringComparer.Ordinal);

    public NodeFields(SchemaDraft draft)
    {
        foreach (NodeType node in draft.Nodes.All)
        {
            CompiledResolver resolver = draft.Compiler.Compile(node.Resolver, node.IdParameter);
            if (resolver.Arguments.Count > 0)
                throw new SchemaException($"{node.Source.Name}.{node.Resolver.Name}: a node resolver has no arguments other than the id.");
            IdCodec codec = draft.Bindings.FindId(node.IdParameter.ParameterType)?.Codec ?? IdCodec.For(node.IdParameter.ParameterType)
                ?? throw new SchemaException($"{node.Source.Name}.{node.Resolver.Name}: {node.IdParameter.ParameterType.Name} cannot be an id.");
            fetchers.Add(node.TypeName, new Fetcher(codec, Pipeline(node, resolver, draft), resolver.Surroundings.Count > 0));
        }
    }

    /// <summary>Adds the interface to the schema and returns the root fields.</summary>
    public IEnumerable<FieldDescriptor> AddTo(SchemaDraft draft)
    {
        var node = draft.Add(new InterfaceType("Node") { Description = "An object with a globally unique ID." });
        draft.SetFields(node, [new FieldDescriptor("id", new TypeReference.Notation("ID!")) { Description = "Opaque and globally unique." }]);
        yield return new FieldDescriptor("node", new TypeReference.Notation("Node"))
        {
            Description = "The object with this ID; null if it does not exist or you may not see it.",
            Arguments = { new ArgumentDescriptor("id", new TypeReference.Notation("ID!")) },
            Resolver = context => FetchAsync(context, context.ArgumentValue<string>("id"), "id"),
            DefaultCost = DefaultCost.Resolver,
        };
        yield return new FieldDescriptor("nodes", new TypeReference.Notation("[Node]!"))
        {
            Description =
                $"The objects with these IDs, at most {IdCountMax}, in the same order. An item is null if its object does not exist or you may not "
                    + "see it; a malformed ID also adds an error.",
            Arguments = { new ArgumentDescriptor("ids", new TypeReference.Notation("[ID!]!")) },
            Resolver = FetchAllAsync,
            DefaultCost = DefaultCost.Resolver,
            DefaultListSize = new ListSizeAttribute { AssumedSize = IdCountMax, SlicingArguments = ["ids"] },
        };
    }

    private static FieldDelegate Pipeline(NodeType node, CompiledResolver resolver, SchemaDraft draft)
    {
        FieldDelegate fetch = context => resolver.Resolve(context, context.LocalData[typeof(NodeFields)]);
        fetch = resolver.Surroundings.Reverse().Aggregate(fetch, (next, step) => step(next));
        return FieldAuthorization.Of(node.Resolver, [.. draft.Classes.TypeClassesOf(node.Type), node.Source]) is { } authorization
            ? authorization.Around(fetch)
            : fetch;
    }

    private async ValueTask<object?> FetchAllAsync(ResolverContext context)
    {
        object?[] ids = context.ArgumentValue<object?[]>("ids");
        if (ids.Length > IdCountMax)
            throw new GraphQLException(GraphQLError.OverLimit($"`ids` can have at most {IdCountMax} IDs.", "nodes.ids", IdCountMax));
        var fetches = new Task<object?>[ids.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            fetches[i] = FetchItemAsync(context, (string)ids[i]!, $"ids[{i}]");
            if (HasOwnServices((string)ids[i]!))
                await fetches[i]; // One at a time: fifty database connections are too many for one field.
        }
        return await Task.WhenAll(fetches);
    }

    /// <summary>A bad id only fails its own item.</summary>
    private async Task<object?> FetchItemAsync(ResolverContext context, string id, string argument)
    {
        try
        {
            return await FetchAsync(context, id, argument);
        }
        catch (Exception exception)
        {
            return new FailedItem(exception);
        }
    }

    private bool HasOwnServices(string id) =>
        NodeId.TryDecode(id, out string typeName, out _) && fetchers.TryGetValue(typeName, out Fetcher? fetcher) && fetcher.HasOwnServices;

    private ValueTask<object?> FetchAsync(ResolverContext context, string id, string argument)
    {
        if (!NodeId.TryDecode(id, out string typeName, out string text))
            throw Malformed(argument, id);
        if (!fetchers.TryGetValue(typeName, out Fetcher? fetcher))
            return new((object?)null);
        object value = fetcher.Codec.Parse(text) ?? throw Malformed(argument, id);
        return fetcher.Fetch(new ItemContext(context, typeof(NodeFields), value));
    }

    private static GraphQLException Malformed(string argument, string id) => new($"`{argument}`: {NodeId.Malformed(id)}", ErrorCodes.BadUserInput);

    private sealed record Fetcher(IdCodec Codec, FieldDelegate Fetch, bool HasOwnServices);
}
