using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Transport;
using Mycelium.GraphQL.Engine.Validation;

namespace Mycelium.GraphQL;

/// <summary>Passes <see cref="Limits"/> to the parts that enforce them.</summary>
public static class LimitsSetup
{
    public static IServiceCollection AddLimits(this IServiceCollection services) =>
        services.Configure<RequestOptions>(Apply).Configure<GraphQLTransportOptions>(Apply);

    private static void Apply(RequestOptions options)
    {
        options.Parser = new ParserOptions
        {
            MaxCharacters = Limits.DocumentCharactersMax,
            MaxTokens = Limits.DocumentTokensMax,
            MaxFields = Limits.DocumentFieldsMax,
            MaxDepth = Limits.DocumentDepthMax,
        };
        options.Validation = new ValidationOptions
        {
            MaxErrors = Limits.ValidationErrorsMax,
            MaxDirectives = Limits.DirectivesMax,
            MaxAliases = Limits.AliasesMax,
            MaxRepeatedFields = Limits.RepeatedFieldsMax,
            MaxFragmentVisits = Limits.FragmentVisitsMax,
            MaxFieldComparisons = Limits.FieldComparisonsMax,
            MaxFieldCycleDepth = Limits.FieldCycleDepthMax,
            MaxIntrospectionListDepth = Limits.IntrospectionListDepthMax,
            MaxIntrospectionOfTypeDepth = Limits.IntrospectionOfTypeDepthMax,
        };
        options.FieldDepthMax = Limits.FieldDepthMax;
        options.Cost.MaxWeighedSelections = Limits.WeighedSelectionsMax;
        options.ExecutionTimeout = Limits.ExecutionTimeout;
        options.StopTimeout = Limits.StopTimeout;
        options.ResponseBytesMax = Limits.ResponseBytesMax;
        options.ErrorCountMax = Limits.ErrorsMax;
        options.PendingDeliveryCountMax = Limits.PendingDeliveriesMax;
        options.DataLoaderBatchSizeMax = Limits.LoaderBatchMax;
        options.CachedDocumentCountMax = Limits.CachedDocumentsMax;
        options.CachedDocumentBytesMax = Limits.CachedDocumentBytesMax;
    }

    private static void Apply(GraphQLTransportOptions options)
    {
        options.MaxRequestBytes = Limits.GraphQLRequestBytesMax;
        options.MaxBatchSize = Limits.BatchMax;
        options.MaxOperationIdLength = Limits.OperationIdLengthMax;
        options.MaxJsonDepth = Limits.JsonDepthMax;
        options.MaxSocketsPerUser = Limits.SocketsPerAccountMax;
        options.MaxSocketMessageBytes = Limits.SocketMessageBytesMax;
        options.MaxOperationsPerSocket = Limits.OperationsPerSocketMax;
        options.MaxQueuedMessages = Limits.QueuedMessagesMax;
        options.MaxQueuedBytes = Limits.QueuedBytesMax;
        options.ConnectionInitTimeout = Limits.ConnectionInitTimeout;
        options.PingInterval = Limits.PingInterval;
        options.PongTimeout = Limits.PongTimeout;
        options.SlowConsumerGrace = Limits.SlowConsumerGrace;
        options.CloseTimeout = Limits.CloseTimeout;
        options.MaxStreams = Limits.StreamsMax;
        options.HeartbeatInterval = Limits.StreamHeartbeat;
        options.MaxReservationsPerViewer = Limits.ReservationsPerViewerMax;
        options.ReservationTimeout = Limits.ReservationTimeout;
    }
}
