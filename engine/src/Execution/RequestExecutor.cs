using System.Buffers;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary><see href="https://spec.graphql.org/September2025/#ExecuteRequest()"/></summary>
internal sealed class RequestExecutor : IRequestExecutor
{
    private readonly ExecutionServices engine;
    private readonly BoundedCache<CachedDocument> documents;
    private readonly NamedDocuments named;
    private readonly EngineTelemetry telemetry;
    private readonly LeafWriters leafWriters = new();
    private readonly CostGate costs;
    private readonly IRequestMeter? meter;

    public RequestExecutor(
        Schema schema, IOptions<RequestOptions> options, IEnumerable<IErrorFilter> errorFilters, ILogger<RequestExecutor> logger, TimeProvider clock,
        ArrayPool<byte>? buffers = null, IEnumerable<IOperationDocumentStorage>? storages = null, ICostLimits? costLimits = null,
        IRequestMeter? meter = null)
    {
        this.meter = meter;
        RequestOptions bounds = options.Value;
        engine = new ExecutionServices(schema, bounds, new ErrorMapper([.. errorFilters], logger), clock, buffers ?? ArrayPool<byte>.Shared)
        {
            Telemetry = new EngineTelemetry(bounds.Instrumentation, logger),
        };
        telemetry = engine.Telemetry;
        costs = new CostGate(schema, bounds.Cost, costLimits);
        documents = new BoundedCache<CachedDocument>(bounds.CachedDocumentCountMax, bounds.CachedDocumentBytesMax);
        named = new NamedDocuments([.. storages ?? []], bounds, DocumentOf);
    }

    public Schema Schema => engine.Schema;

    /// <summary>Groups of subscribers that share their executions.</summary>
    internal LiveGroups Groups => engine.Groups;

    /// <summary>Documents in the cache.</summary>
    internal int CachedDocumentCount => documents.Count;

    public ValueTask<ExecutionResult> ExecuteAsync(GraphQLRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellation.ThrowIfCancellationRequested();
        return telemetry.IsOn ? ExecuteTracedAsync(request, cancellation) : ExecuteAsync(request, trace: null, cancellation);
    }

    private async ValueTask<ExecutionResult> ExecuteTracedAsync(GraphQLRequest request, CancellationToken cancellation)
    {
        var trace = new RequestTrace(telemetry, engine.Clock);
        ExecutionResult? result = null;
        try
        {
            return result = await ExecuteAsync(request, trace, cancellation).ConfigureAwait(false);
        }
        finally
        {
            trace.End(result);
        }
    }

    private async ValueTask<ExecutionResult> ExecuteAsync(GraphQLRequest request, RequestTrace? trace, CancellationToken cancellation)
    {
        bool isCharged = false;
        try
        {
            (CachedDocument document, bool isNamed) = await FindAsync(request, cancellation).ConfigureAwait(false);
            trace?.Found(document, request.DocumentId);
            if (document.ErrorsFor(request.User, engine.Options.AllowsIntrospection) is { Count: > 0 } refused)
                return await RefuseAsync(request, new RequestErrorResult(refused), cancellation).ConfigureAwait(false);

            OperationDefinitionNode operation = document.OperationNamed(request.OperationName);
            trace?.Resolved(operation);
            if (!IsAllowed(operation.Operation, request.Allowed))
                return await RefuseAsync(request, NotAllowed(operation.Operation), cancellation).ConfigureAwait(false);
            if (Schema.RootType(operation.Operation) is null)
                throw new GraphQLException($"This service has no {operation.Operation.Name()}s.", ErrorCodes.OperationResolutionFailure);
            if (!TryCoerce(document, operation, request, out IReadOnlyDictionary<string, object?> variables, out IReadOnlyList<GraphQLError> errors))
                return await RefuseAsync(request, new RequestErrorResult(errors), cancellation).ConfigureAwait(false);

            CompiledOperation compiled = document.Compiled(operation, Compile);
            OperationPlan plan = PlanFor(
                compiled, variables, isIncremental: request.AllowsIncrementalDelivery && operation.Operation != OperationType.Subscription);
            byte[]? cost = costs.Admit(plan.Cost, request, variables, isMetered: meter is not null, out OperationCost weight);
            if (request.Cost == CostMode.Validate)
                return await RefuseAsync(request, new CostResult(cost!), cancellation).ConfigureAwait(false);
            if (meter is not null)
                await meter.ChargeAsync(request, new RequestCharge(RequestChargeKind.Operation, weight), cancellation).ConfigureAwait(false);
            isCharged = true;
            using Activity? execution = telemetry.StartStage(ActivityScopes.ExecuteOperation, "graphql.execute");
            if (operation.Operation == OperationType.Subscription)
                return await new SubscriptionStart(engine, compiled, plan, request, variables, request.Cost == CostMode.Report ? cost : null, cancellation)
                    .SubscribeAsync().ConfigureAwait(false);
            var state = new RequestState(engine, request, request.Services, variables, engine.Options.ExecutionTimeout, cancellation) { OperationCost = cost };
            if (plan.IsIncremental)
                return await IncrementalRun.ExecuteAsync(plan, state).ConfigureAwait(false);
            OperationResult result = await OperationRun.ExecuteAsync(plan, state, rootValue: null).ConfigureAwait(false);
            if (isNamed && result.Errors.Count == 0 && request.Cost == CostMode.None)
                result.PublicMaxAge = compiled.PublicMaxAge;
            return result;
        }
        catch (GraphQLSyntaxException refusal)
        {
            return await RefuseAsync(request, new RequestErrorResult([refusal.ToError()]), cancellation).ConfigureAwait(false);
        }
        catch (GraphQLException refusal)
        {
            var result = new RequestErrorResult(refusal.Errors);
            return isCharged || refusal.Errors is [{ Code: ErrorCodes.RateLimited }, ..]
                ? result
                : await RefuseAsync(request, result, cancellation).ConfigureAwait(false);
        }
        catch (Exception mistake) when (mistake is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return new RequestErrorResult(engine.Errors.Map(mistake)); // A document storage may have failed.
        }
    }

    /// <summary>An unknown text is charged before it is parsed, even when it is sent with its hash.</summary>
    private async ValueTask<RequestDocument> FindAsync(GraphQLRequest request, CancellationToken cancellation)
    {
        bool isPlain = named.IsPlain(request);
        if (meter is not null && request.Query is { } text)
        {
            if (documents.TryGet(text, out CachedDocument? known))
            {
                if (isPlain)
                {
                    EngineTelemetry.DocumentLookedUp(isHit: true);
                    return new RequestDocument(known);
                }
            }
            else
                await meter.ChargeAsync(request, new RequestCharge(RequestChargeKind.Document), cancellation).ConfigureAwait(false);
        }
        return isPlain ? new RequestDocument(DocumentOf(request.Query!)) : await named.FindAsync(request, cancellation).ConfigureAwait(false);
    }

    /// <summary>A response that executes nothing is charged too; a caller with nothing left gets that refusal instead.</summary>
    private async ValueTask<ExecutionResult> RefuseAsync(GraphQLRequest request, OperationResult refusal, CancellationToken cancellation)
    {
        try
        {
            if (meter is not null)
                await meter.ChargeAsync(request, new RequestCharge(RequestChargeKind.Refusal), cancellation).ConfigureAwait(false);
            return refusal;
        }
        catch (GraphQLException limited)
        {
            return new RequestErrorResult(limited.Errors);
        }
    }

    private CachedDocument DocumentOf(string query)
    {
        bool isKnown = documents.TryGet(query, out CachedDocument? known);
        EngineTelemetry.DocumentLookedUp(isKnown);
        return isKnown ? known! : Prepare(query);
    }

    private CachedDocument Prepare(string query)
    {
        DocumentNode document;
        using (telemetry.StartStage(ActivityScopes.ParseDocument, "graphql.parse"))
            document = Parser.ParseDocument(query, engine.Options.Parser);
        var made = new CachedDocument(query, document, Validate);
        documents.Add(query, made, (long)query.Length * sizeof(char));
        // After losing a race, take the winner's document: subscribers only share when they have the same plan.
        return documents.TryGet(query, out CachedDocument? kept) ? kept : made;
    }

    private IReadOnlyList<GraphQLError> Validate(DocumentNode document, bool hasSuggestions)
    {
        using Activity? stage = telemetry.StartStage(ActivityScopes.ValidateDocument, "graphql.validate");
        return DocumentValidator.Validate(
            Schema, document, hasSuggestions ? engine.Options.Validation : engine.Options.Validation with { HasSuggestions = false });
    }

    private bool TryCoerce(
        CachedDocument document, OperationDefinitionNode operation, GraphQLRequest request, out IReadOnlyDictionary<string, object?> variables,
        out IReadOnlyList<GraphQLError> errors)
    {
        using Activity? stage = telemetry.StartStage(ActivityScopes.CoerceVariables, "graphql.coerce_variables");
        return ValueCoercion.TryCoerceVariables(
            Schema, operation.VariableDefinitions, request.Variables, document.OperandsOf(operation, Schema),
            maySuggest: () => engine.Options.Validation.HasSuggestions && engine.Options.AllowsIntrospection(request.User), out variables, out errors);
    }

    private OperationPlan PlanFor(CompiledOperation compiled, IReadOnlyDictionary<string, object?> variables, bool isIncremental)
    {
        using Activity? stage = telemetry.StartStage(ActivityScopes.CompileOperation, "graphql.compile");
        return compiled.PlanFor(variables, isIncremental);
    }

    private CompiledOperation Compile(DocumentNode document, OperationDefinitionNode operation) =>
        new(Schema, document, operation, leafWriters, costs, engine.Options.FieldDepthMax);

    private static bool IsAllowed(OperationType operation, AllowedOperations allowed) => allowed.HasFlag(operation switch
    {
        OperationType.Query => AllowedOperations.Query,
        OperationType.Mutation => AllowedOperations.Mutation,
        _ => AllowedOperations.Subscription,
    });

    private static RequestErrorResult NotAllowed(OperationType operation) =>
        new([new GraphQLError($"A {operation.Name()} cannot be sent this way.", ErrorCodes.BadRequest)], isOperationNotAllowed: true);
}
