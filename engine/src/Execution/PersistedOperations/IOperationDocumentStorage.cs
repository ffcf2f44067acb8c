using System.Security.Claims;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Where persisted documents are found. Asked for every request that names one, in the order in which storages were added, so that it keeps in memory what
/// it has read; the parsed document is kept by the engine.
/// </summary>
public interface IOperationDocumentStorage
{
    /// <param name="documentId">64 lower-case hex digits of a SHA-256 without prefix, or an id of your own: letters, digits and <c>-._~</c>, 128 at most.</param>
    /// <param name="user">Who asks: a document may be one caller's alone.</param>
    /// <param name="cancellation">The request has ended.</param>
    /// <returns>Null when there is no such document for this caller.</returns>
    ValueTask<OperationDocument?> TryReadAsync(string documentId, ClaimsPrincipal user, CancellationToken cancellation);
}
