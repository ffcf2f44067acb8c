namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The result of a fetch for one key: a value or an error.</summary>
public readonly record struct Result<TValue>
{
    private Result(TValue? value, Exception? error)
    {
        Value = value;
        Error = error;
    }

    public TValue? Value { get; }
    public Exception? Error { get; }

    public static Result<TValue> Of(TValue? value) => new(value, null);

    public static Result<TValue> Failed(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new(default, error);
    }
}
