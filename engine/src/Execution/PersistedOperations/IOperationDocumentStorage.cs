using System.Security.Claims;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Finds persisted documents. Called for every request that names one, in the order in which storages were added, so it should keep what it reads in
/// memory. The engine caches the parsed document.
/// </summary>
public interface IOperationDocumentStorage
{
    /// <param name="documentId">
    /// The 64 lower-case hex digits of a SHA-256 without prefix, or an id of your own: up to 128 letters, digits and <c>-._~</c>.
    /// </param>
    /// <param name="user">The caller: a document may belong to only one caller.</param>
    /// <param name="cancellation">The request has ended.</param>
    /// <returns>Null when there is no such document for this caller.</returns>
    ValueTask<OperationDocument?> TryReadAsync(string documentId, ClaimsPrincipal user, CancellationToken cancellation);
}
