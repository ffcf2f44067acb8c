using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Builds the sort inputs of exposed types, with HotChocolate's names.</summary>
internal static class SortInputs
{
    public static TypeReference.Made Reference(Type type) => Of(type, isList: true);

    private static TypeReference.Made Of(Type type, bool isList)
    {
        string name = $"{InputNames.Of(type)}SortInput";
        return new TypeReference.Made(name, completion => Make(completion, name, type), IsList: isList);
    }

    /// <summary>
    /// Each sets exactly one field, since the fields of an input object have no order. It is not a <c>@oneOf</c> input, which does not allow null for
    /// the other fields: a client that serializes a class writes all of its fields, and null then means not given.
    /// </summary>
    private static InputObjectType Make(ITypeCompletion completion, string name, Type type)
    {
        var input = new InputObjectType(name)
        {
            Description = $"A sort key for {InputNames.Of(type)}: set exactly one field. A field set to null counts as not given.",
        };
        completion.WhenComplete(() => completion.SetFields(input, Fields(completion, type), Create));
        return input;
    }

    private static IEnumerable<ArgumentDescriptor> Fields(ITypeCompletion completion, Type type)
    {
        foreach (ShownMember shown in ShownMember.Of(completion, type))
        {
            TypeReference? reference = shown switch
            {
                { Item: not null } => null,
                _ when IsKey(shown) => new TypeReference.Made("SortEnumType", _ => Directions()),
                // An input type must have fields.
                { Type: ComplexType } when ShownMember.Of(completion, shown.ClrType).Any(IsKey) => Of(shown.ClrType, isList: false),
                _ => null,
            };
            if (reference is null)
                continue;
            var member = new MemberAccess(shown.Property, shown.ClrType, shown.IsNullable);
            yield return new ArgumentDescriptor(shown.Name, reference)
            {
                Description = shown.Description,
                Convert = given => Bind(member, given),
                DefaultCost = shown.Type is ComplexType ? DefaultCost.None : DefaultCost.SortOperation,
            };
        }
    }

    private static bool IsKey(ShownMember shown) => shown is { Item: null, Type: ScalarType or EnumType } && KeyCodec.Find(shown.ClrType) is not null;

    private static SortPath? Bind(MemberAccess member, object? given) => given switch
    {
        SortDirection direction => new SortPath([member], direction == SortDirection.Descending),
        SortPath nested => nested with { Members = [member, .. nested.Members] },
        _ => null, // Null counts as not given.
    };

    private static object Create(object?[] values) => values.OfType<SortPath>().ToArray() is [var key]
        ? key
        : throw new CoercionException("set exactly one field in each sort key; to sort by several fields, add a key for each to the list.");

    private static EnumType Directions() => new("SortEnumType")
    {
        Description = "A sort direction.",
        RuntimeType = typeof(SortDirection),
        Values =
        [
            new EnumValue("ASC", SortDirection.Ascending) { Description = "Smallest first, null last." },
            new EnumValue("DESC", SortDirection.Descending) { Description = "Largest first, null first." },
        ],
    };
}
