namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The values of an <c>in</c>. Null is kept separately, since SQL's <c>IN</c> does not match it.</summary>
/// <param name="Values">An array of the value's own type, without null.</param>
internal sealed record InOperand(Array Values, bool HasNull)
{
    public int Count => Values.Length;

    public static InOperand Of(Type type, IReadOnlyList<object?> values)
    {
        object[] known = [.. values.OfType<object>()];
        var array = Array.CreateInstance(type, known.Length);
        known.CopyTo(array, 0);
        return new InOperand(array, known.Length < values.Count);
    }
}
