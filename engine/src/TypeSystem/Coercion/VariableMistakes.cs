using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>Collects what is wrong with the variables of one request, so that a client can fix everything at once.</summary>
/// <param name="maySuggest">Whether messages may use names of the schema that the client did not write. Called once, and only when needed.</param>
internal sealed class VariableMistakes(Func<bool> maySuggest)
{
    /// <summary>
    /// At most 20 errors a request: more are hard to read, and each costs time and bytes. Coercion stops at the last one; further mistakes show up once
    /// these are fixed.
    /// </summary>
    public const int CountMax = 20;

    private readonly List<GraphQLError> errors = [];
    private bool? canSuggest;

    public IReadOnlyList<GraphQLError> Errors => errors;
    public bool IsFull => errors.Count >= CountMax;
    public bool CanSuggest => canSuggest ??= maySuggest();

    /// <summary>The definition of the variable that is being coerced.</summary>
    public SourceLocation Location { get; set; }

    public void Add(string message)
    {
        if (!IsFull)
            errors.Add(new GraphQLError(message, ErrorCodes.BadUserInput) { Locations = [Location] });
    }
}
