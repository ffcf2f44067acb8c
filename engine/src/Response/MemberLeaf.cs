using System.Reflection;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary>A leaf that shows a property of its object as it is: read and written without boxing.</summary>
internal abstract class MemberLeaf
{
    private static readonly MethodInfo MakeTyped = typeof(MemberLeaf).GetMethod(nameof(Typed), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Null for a field that needs more than reading a property and writing its value.</summary>
    public static MemberLeaf? Of(FieldDefinition field)
    {
        if (field.Resolver is not null || field.Member is not { GetMethod.IsStatic: false, DeclaringType.IsValueType: false } member
            || WriterOf(field, member.PropertyType) is not { } writer)
        {
            return null;
        }
        return (MemberLeaf)MakeTyped.MakeGenericMethod(member.DeclaringType, member.PropertyType).Invoke(null, [member.GetMethod, writer])!;
    }

    /// <summary>
    /// False when the value needs the slow path: it is missing, cannot be read, or is rejected by the field's type. Nothing is written then.
    /// </summary>
    public abstract bool TryWrite(ResponseBuffer buffer, object parent);

    private static MemberLeaf<TParent, TValue> Typed<TParent, TValue>(MethodInfo getter, object writer) where TParent : class =>
        new(getter.CreateDelegate<Func<TParent, TValue>>(), (ValueWriter<TValue>)writer);

    private static object? WriterOf(FieldDefinition field, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return WriterOf(field, inner) is { } present ? Activator.CreateInstance(typeof(NullableWriter<>).MakeGenericType(inner), present) : null;
        return field.Type.Nullable switch
        {
            IdType when (field.Feature<GlobalId>()?.TypeName ?? field.Feature<BoundId>()?.TypeName) is { } typeName => IdWriter.Of(type, typeName),
            StringType or IdType when type == typeof(string) => new TextWriter(),
            IntType when type == typeof(int) => new IntWriter(),
            LongType when type == typeof(long) => new LongWriter(),
            FloatType when type == typeof(double) => new DoubleWriter(),
            BooleanType when type == typeof(bool) => new FlagWriter(),
            EnumType names when type.IsEnum && Enum.GetUnderlyingType(type) == typeof(int) =>
                Activator.CreateInstance(typeof(NameWriter<>).MakeGenericType(type), names),
            _ => null,
        };
    }
}

/// <inheritdoc/>
internal sealed class MemberLeaf<TParent, TValue>(Func<TParent, TValue> read, ValueWriter<TValue> writer) : MemberLeaf where TParent : class
{
    public override bool TryWrite(ResponseBuffer buffer, object parent)
    {
        if (parent is not TParent typed)
            return false;
        TValue value;
        try
        {
            value = read(typed);
        }
        catch (Exception)
        {
            return false; // The slow path reads it again, and reports the error.
        }
        return writer.TryWrite(buffer, value);
    }
}
