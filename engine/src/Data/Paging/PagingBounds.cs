using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The default and maximum size of a page.</summary>
internal sealed record PagingBounds(int DefaultPageSize, int MaxPageSize)
{
    public static PagingBounds Default { get; } = new(DefaultPageSize: 20, MaxPageSize: 100);

    /// <summary>The arguments, with a size in every case.</summary>
    /// <exception cref="GraphQLException">The arguments contradict each other or are out of bounds.</exception>
    public PagingArguments Apply(PagingArguments arguments)
    {
        if (arguments is { First: not null, Last: not null })
            throw Refuse("Use either `first` or `last`, not both.");
        Check("first", arguments.First);
        Check("last", arguments.Last);
        return arguments is { First: null, Last: null } ? arguments with { First = DefaultPageSize } : arguments;
    }

    private void Check(string name, int? size)
    {
        if (size < 0)
            throw Refuse($"`{name}` must be 0 or more, not {size}.");
        if (size > MaxPageSize)
            throw new GraphQLException(GraphQLError.OverLimit($"`{name}` must be at most {MaxPageSize}, not {size}.", "pageSize", MaxPageSize));
    }

    private static GraphQLException Refuse(string message) => new(message, ErrorCodes.BadUserInput);
}
