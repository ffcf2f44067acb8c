using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Turns the exceptions of one execution into failures. A batch that failed for a thousand keys is one failure with one log entry.</summary>
internal sealed class FailureMapper(ExecutionServices engine)
{
    private Dictionary<Exception, FieldFailure>? known;
    private FieldFailure? last;

    public FieldFailure Map(Exception exception) => Map(exception, engine.Errors.Map);

    /// <summary>A value that its field's type cannot represent: the resolver's mistake, whatever the exception says.</summary>
    public FieldFailure MapInternal(Exception exception) => Map(exception, failure => [engine.Errors.Internal(failure)]);

    private FieldFailure Map(Exception exception, Func<Exception, IReadOnlyList<GraphQLError>> map)
    {
        known ??= new(ReferenceEqualityComparer.Instance);
        if (known.TryGetValue(exception, out FieldFailure? failure))
            return failure;
        if (last is not null && known.Count >= engine.Options.ErrorCountMax)
            return last; // More than the response lists, and enough for the log.
        failure = new FieldFailure(map(exception));
        known.Add(exception, failure);
        return last = failure;
    }
}
