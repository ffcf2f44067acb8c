using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary>The errors of a response while it is made: no more than its bound, the last one saying so.</summary>
internal sealed class ResponseErrors(int countMax)
{
    private readonly List<GraphQLError> errors = [];
    private bool isCut;
    private int failureStart;

    public bool IsFull => isCut;

    /// <summary>The errors of what failed last; something has.</summary>
    public IReadOnlyList<GraphQLError> LastFailure
    {
        get
        {
            int start = Math.Min(failureStart, errors.Count - 1);
            return errors.GetRange(start, errors.Count - start);
        }
    }

    /// <summary>The errors added from here on are of one failure.</summary>
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
