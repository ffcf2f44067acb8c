using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport.Batching;

/// <summary>One operation of a batch.</summary>
/// <param name="Parameters">What to execute.</param>
/// <param name="RequestIndex">Which request, or which named operation, it is; null when there is only one.</param>
/// <param name="VariableIndex">Which of the request's variables it runs with; null when they are not a list.</param>
/// <param name="Problem">Why it cannot be executed. The others can.</param>
internal sealed record BatchEntry(RequestParameters Parameters, int? RequestIndex = null, int? VariableIndex = null, string? Problem = null);

/// <summary>A POST request where batching is allowed: one operation, or several.</summary>
/// <param name="Entries">In the order of the responses.</param>
/// <param name="IsSingle">An ordinary request with an ordinary response.</param>
internal sealed record RequestBatch(IReadOnlyList<BatchEntry> Entries, bool IsSingle)
{
    private const string OperationsParameter = "batchOperations";

    public static Refusal? Read(ReadOnlySpan<byte> json, HttpRequest request, GraphQLTransportOptions options, out RequestBatch? batch)
    {
        var reader = new BatchReader(options, AddressedDocument.IdIn(request));
        Refusal? refusal = reader.Read(json) ?? reader.NameOperations(request.Query[OperationsParameter]) ?? reader.SpreadVariables();
        batch = new RequestBatch(
            [.. reader.Entries.Select(entry => entry with { Parameters = AddressedDocument.Apply(request, entry.Parameters) })],
            IsSingle: reader.Entries is [{ RequestIndex: null, VariableIndex: null }]);
        return refusal;
    }
}
