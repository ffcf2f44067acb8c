namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>An argument or input field that distinguishes "not given" from "given as null", for partial updates.</summary>
public readonly record struct Optional<T>
{
    private Optional(T value) => (HasValue, Value) = (true, value);

    public bool HasValue { get; }

    /// <summary>The given value, or the default of its type.</summary>
    public T? Value { get; }

    public static Optional<T> Of(T value) => new(value);
}
