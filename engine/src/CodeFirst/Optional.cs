namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>An argument or input field that tells "not given" from "given as null", for updates of parts.</summary>
public readonly record struct Optional<T>
{
    private Optional(T value) => (HasValue, Value) = (true, value);

    public bool HasValue { get; }

    /// <summary>The value given, or the default of its type.</summary>
    public T? Value { get; }

    public static Optional<T> Of(T value) => new(value);
}
