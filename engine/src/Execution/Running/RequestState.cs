using System.Collections.Concurrent;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>What all fields of one execution share.</summary>
internal sealed class RequestState(
    ExecutionServices engine, GraphQLRequest request, IServiceProvider services, IReadOnlyDictionary<string, object?> variables, TimeSpan timeout,
    CancellationToken cancellation)
    : IDisposable
{
    private readonly Lock gate = new();
    private ConcurrentDictionary<string, object?>? contextData;
    private Dictionary<FieldPlan, ArgumentValues>? arguments;
    private HashSet<IAsyncEnumerator<object?>>? sources;
    private LoaderSet? loaders;

    public ExecutionServices Engine => engine;
    public Schema Schema => engine.Schema;

    /// <summary>The cost entry of the response's extensions, as JSON; null when the cost is not shown.</summary>
    public byte[]? OperationCost { get; init; }

    public GraphQLRequest Request => request;
    public IServiceProvider Services => services;
    public IReadOnlyDictionary<string, object?> Variables => variables;
    public RunLoop Loop { get; } = new();
    public RequestDeadline Deadline { get; } = new(timeout, engine.Clock, cancellation);
    public FailureMapper Failures { get; } = new(engine);
    public ErrorHandling OnError { get; } = request.OnError ?? engine.Options.DefaultErrorHandling;

    /// <summary>The error that ended the request, under <see cref="ErrorHandling.Halt"/>.</summary>
    public GraphQLError? HaltedBy { get; private set; }

    /// <summary>Ends the request with its first error.</summary>
    public void Halt(GraphQLError error)
    {
        lock (gate)
            HaltedBy ??= error;
        Deadline.End();
    }

    public IDictionary<string, object?> ContextData
    {
        get
        {
            lock (gate)
                return contextData ??= new(StringComparer.Ordinal);
        }
    }

    /// <summary>Arguments depend only on the request, not on the parent: coerced once for all objects of a list.</summary>
    public ArgumentValues ArgumentsOf(FieldPlan field)
    {
        if (field.ConstantArguments is { } constant)
            return constant;
        lock (gate)
        {
            arguments ??= [];
            if (!arguments.TryGetValue(field, out ArgumentValues? values))
                arguments.Add(field, values = field.Coerce(variables));
            return values;
        }
    }

    public TLoader DataLoader<TLoader>() where TLoader : class, IDataLoader
    {
        lock (gate)
            loaders ??= new LoaderSet(this);
        return loaders.Get<TLoader>();
    }

    /// <summary>A resolver reports an error in addition to its value.</summary>
    public void Noticed(GraphQLError error)
    {
        if (OnError == ErrorHandling.Halt)
            Halt(error);
    }

    /// <exception cref="GraphQLException">It is negative.</exception>
    public int InitialCountOf(StreamUsage stream) => IncrementalArguments.InitialCount(stream.Directive, variables);

    /// <summary>A sequence to dispose when the request ends.</summary>
    public void Keep(IAsyncEnumerator<object?> source)
    {
        if (source is not ListEnumerator)
            (sources ??= []).Add(source);
    }

    /// <summary>Entries of the response's <c>extensions</c>.</summary>
    public IReadOnlyDictionary<string, object?>? ResponseExtensions
    {
        get
        {
            lock (gate)
                return contextData?.GetValueOrDefault(Execution.ResponseExtensions.Key) as IReadOnlyDictionary<string, object?>;
        }
    }

    public async ValueTask DisposeSourcesAsync()
    {
        foreach (IAsyncEnumerator<object?> source in sources ?? [])
        {
            try
            {
                await source.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                engine.Errors.Internal(exception); // Logged; the response has already been sent.
            }
        }
        sources = null;
    }

    /// <summary>Releases what the request holds.</summary>
    public async ValueTask EndAsync()
    {
        if (sources is not null)
            await DisposeSourcesAsync().ConfigureAwait(false);
        await DisposeLoadersAsync().ConfigureAwait(false);
        Dispose();
    }

    public ValueTask DisposeLoadersAsync() => loaders?.DisposeAsync() ?? ValueTask.CompletedTask;

    public void Dispose() => Deadline.Dispose();
}
