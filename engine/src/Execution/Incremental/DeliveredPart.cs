using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A part of a response in a buffer of its own, with its errors and its own later deliveries.</summary>
internal sealed class DeliveredPart : IDisposable
{
    private readonly RequestState request;
    private readonly DeliveryBudget budget;
    private readonly List<GraphQLError> errors = [];
    private ResponseErrors writing;

    public DeliveredPart(RequestState request, DeliveryBudget budget)
    {
        this.request = request;
        this.budget = budget;
        Data = new ResponseBuffer(request.Engine.Buffers, sizeHint: 256, budget.BytesLeft);
        Later = new Deliveries(budget);
        writing = new ResponseErrors(request.Engine.Options.ErrorCountMax);
    }

    public ResponseBuffer Data { get; }
    public Deliveries Later { get; }
    public IReadOnlyList<GraphQLError> Errors => errors;

    /// <summary>Writes the next object or item.</summary>
    public ResponseWriter Writer { get; private set; } = null!;

    /// <summary>The error that prevents what was last written from being delivered.</summary>
    public IReadOnlyList<GraphQLError> Failure => writing.LastFailure;

    /// <summary>Starts an object or item.</summary>
    public void Begin(FieldResolution? resolution, ResponsePath? path, DeliveryScope? scope)
    {
        writing = new ResponseErrors(request.Engine.Options.ErrorCountMax);
        Writer = new ResponseWriter(request, resolution?.Slots, Data, writing, Later, path, scope);
    }

    /// <summary>It was written.</summary>
    public DeliveredPart End(FieldResolution? resolution)
    {
        errors.AddRange(writing.ToList());
        if (resolution is not null)
            errors.AddRange(resolution.Reported);
        return this;
    }

    /// <exception cref="ResponseTooLargeException">The response has become too large.</exception>
    public void Spend() => budget.Spend(Data.Count);

    public void Dispose() => Data.Dispose();
}
