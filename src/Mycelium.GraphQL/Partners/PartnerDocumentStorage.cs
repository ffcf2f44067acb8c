using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Partners;

namespace Mycelium.GraphQL.Partners;

/// <summary>
/// The documents that partners have registered, each for its own partner. What was found is kept, since it never changes; that there is no such document is
/// believed for a second, since another replica may register it at any moment. Callers that ask for the same at once share one look into the database.
/// </summary>
public sealed class PartnerDocumentStorage : IOperationDocumentStorage
{
    private const int HashLength = 64;
    private readonly RecentlyUsed<Key, Lookup> lookups = new(Limits.PartnerLookupsMax);
    private readonly PartnerDocuments documents;
    private readonly TimeProvider clock;

    public PartnerDocumentStorage(PartnerDocuments documents, Restores restores, TimeProvider clock)
    {
        (this.documents, this.clock) = (documents, clock);
        restores.Happened += lookups.Clear; // Documents never change, but a registration may be lost with the time it was made in.
    }

    public ValueTask<OperationDocument?> TryReadAsync(string documentId, ClaimsPrincipal user, CancellationToken cancellation)
    {
        // Ids of our own giving are hashes; what others send costs no look into the database.
        if (documentId.Length != HashLength || !user.IsInRole(Roles.Partner) || user.AccountId() is not { } partner)
            return default;

        var key = new Key(partner, documentId);
        Lookup lookup = lookups.GetOrAdd(key, Begin);
        if (lookup.IsOver(clock.GetUtcNow()))
            lookup = lookups.Replace(key, lookup, Begin);
        Task<OperationDocument?> found = lookup.Document;
        return found.IsCompletedSuccessfully ? new(found.Result) : new(found.WaitAsync(cancellation));
    }

    /// <summary>The partner has just registered these: this replica knows them at once, the others within <see cref="Limits.UnknownDocumentFor"/>.</summary>
    public void Forget(AccountId partner, IEnumerable<string> hashes)
    {
        foreach (string hash in hashes)
            lookups.Remove(new Key(partner, hash));
    }

    /// <summary>No caller's cancellation ends what others wait for; the database's own time-outs do.</summary>
    private Lookup Begin(Key key) => new(ReadAsync(key), clock.GetUtcNow() + Limits.UnknownDocumentFor);

    private async Task<OperationDocument?> ReadAsync(Key key) =>
        await documents.ReadAsync(key.Partner, key.Hash, CancellationToken.None) is { } text ? new OperationDocument(text, isPublic: false) : null;

    private readonly record struct Key(AccountId Partner, string Hash);

    /// <param name="GoodUntil">For an answer other than a document.</param>
    private sealed record Lookup(Task<OperationDocument?> Document, DateTimeOffset GoodUntil)
    {
        /// <summary>A failure is asked for anew by the next caller, a document never.</summary>
        public bool IsOver(DateTimeOffset now) =>
            Document.IsCompleted && (!Document.IsCompletedSuccessfully || (Document.Result is null && now >= GoodUntil));
    }
}
