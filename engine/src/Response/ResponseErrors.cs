using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary>The errors of a response while it is made, up to a limit; the last one says that there were more.</summary>
internal sealed class ResponseErrors(int countMax)
{
    private readonly List<GraphQLError> errors = [];
    private bool isCut;
    private int failureStart;

    public bool IsFull => isCut;

    /// <summary>The errors of the most recent failure, of which there must be one.</summary>
    public IReadOnlyList<GraphQLError> LastFailure
    {
        get
        {
            int start = Math.Min(failureStart, errors.Count - 1);
            return errors.GetRange(start, errors.Count - start);
        }
    }

    /// <summary>The errors added from here on belong to one failure.</summary>
    public void BeginFailure() => failureStart = errors.Count;

    public void Add(GraphQLError error)
    {
        if (errors.Count < countMax)
            errors.Add(error);
        else
            Cut();
    }

    public void Clear()
    {
        errors.Clear();
        isCut = false;
    }

    public IReadOnlyList<GraphQLError> ToList() => errors;

    private void Cut()
    {
        if (isCut)
            return;
        isCut = true;
        errors.Add(GraphQLError.OverLimit($"There were more than {countMax} errors; only the first {countMax} are listed.", "errorCount", countMax));
    }
}
