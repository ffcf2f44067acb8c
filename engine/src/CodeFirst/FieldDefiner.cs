using System.Reflection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Turns descriptors into definitions: resolves types and wraps middleware around resolvers.</summary>
internal static class FieldDefiner
{
    public static FieldDefinition Define(SchemaDraft draft, ComplexType owner, FieldDescriptor field)
    {
        PropertyInfo? member = field.Resolver is null && field.Source is PropertyInfo shown ? shown : null;
        Func<object, object?>? pure = field.Resolver is not null ? null : field.PureResolver ?? (member is null ? null : PropertyReader.Compile(member));
        FieldDelegate? resolver = field.Resolver;
        IdOutput? ids = IdOutput.Of(draft, owner, field.Type);
        if (ids is not null)
        {
            pure = ids.Around(pure);
            resolver = ids.Around(resolver);
            field.Features[typeof(GlobalId)] = new GlobalId(ids.TypeName);
        }
        else if (member is not null
            && draft.Bindings.FindId(Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType) is { HasOwnFormat: false } bound)
        {
            field.Features[typeof(BoundId)] = new BoundId(bound.TypeName);
        }
        if (field.Middleware.Count > 0)
        {
            resolver = Fold(field.Middleware, resolver ?? (pure is { } read ? context => new(read(context.Parent<object>())) : null));
            pure = null;
        }
        return new FieldDefinition(field.Name, draft.Resolve(field.Type, isInput: false))
        {
            DeclaringType = owner,
            Description = field.Description,
            DeprecationReason = field.DeprecationReason,
            Arguments = new FieldCollection<InputValueDefinition>([.. field.Arguments.Select(argument => DefineArgument(draft, argument))]),
            PureResolver = pure,
            Resolver = resolver,
            Subscribe = field.Subscribe,
            Member = member,
            Requires = [.. field.Requires],
            Loaded = LoadedMembers.Of(owner, field),
            Features = field.Features.ToDictionary(),
            Directives = draft.Costs.Of(field),
        };
    }

    /// <exception cref="SchemaException">The value's type cannot be part of the schema.</exception>
    public static InputValueDefinition Define(SchemaDraft draft, ArgumentDescriptor argument) => new(argument.Name, draft.Resolve(argument.Type, isInput: true))
    {
        Description = argument.Description,
        DeprecationReason = argument.DeprecationReason,
        DefaultValue = argument.DefaultValue,
        Convert = argument.Convert ?? draft.InputConverter(argument.Type),
        Directives = draft.Costs.Of(argument),
        IsOperand = argument.IsOperand,
    };

    private static InputValueDefinition DefineArgument(SchemaDraft draft, ArgumentDescriptor argument)
    {
        try
        {
            return Define(draft, argument);
        }
        catch (SchemaException exception)
        {
            throw new SchemaException($"({argument.Name}:) {string.Join(' ', exception.Problems)}");
        }
    }

    private static FieldDelegate? Fold(IList<FieldMiddleware> middleware, FieldDelegate? resolver) =>
        resolver is null ? null : middleware.Reverse().Aggregate(resolver, (next, step) => step(next));

    /// <summary>Shows a primitive that is marked <see cref="IDAttribute"/> as a global id.</summary>
    private sealed class IdOutput(string typeName, IdCodec codec, bool isList)
    {
        public string TypeName => typeName;

        /// <summary>Null for a field that is not an id, or whose CLR type is bound to ids: the scalar writes those.</summary>
        public static IdOutput? Of(SchemaDraft draft, ComplexType owner, TypeReference type)
        {
            if (type is not MemberTypeReference { IsId: true } member || draft.Bindings.FindId(member.Shape.Named) is not null)
                return null;
            IdCodec codec = IdCodec.For(member.Shape.Named)
                ?? throw new SchemaException($"{member.Shape.Named.Name} cannot be an id: register it with AddIdConverter.");
            return new IdOutput(member.IdTypeName ?? owner.Name, codec, member.Shape.Item is not null);
        }

        public Func<object, object?>? Around(Func<object, object?>? read) => read is null ? null : parent => Encode(read(parent));

        public FieldDelegate? Around(FieldDelegate? resolve) => resolve is null ? null : async context => Encode(await resolve(context));

        private object? Encode(object? value) => value switch
        {
            null => null,
            System.Collections.IEnumerable items when isList => items.Cast<object?>().Select(item => item is null ? null : One(item)).ToArray(),
            _ => One(value),
        };

        private string One(object value) => NodeId.Encode(typeName, codec.Format(value));
    }
}
