using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Partners;

namespace Mycelium.GraphQL.Partners;

/// <summary>
/// The documents that partners have registered, each usable only by its own partner. A document that was found is cached, because it never
/// changes. The absence of one is cached for a second only, because another replica may register it at any moment. Simultaneous callers for
/// the same document share one query.
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
        restores.Happened += lookups.Clear; // Documents never change, but a registration may be lost in a restore.
    }

    public ValueTask<OperationDocument?> TryReadAsync(string documentId, ClaimsPrincipal user, CancellationToken cancellation)
    {
        // Our IDs are hashes; anything else costs no query.
        if (documentId.Length != HashLength || !user.IsInRole(Roles.Partner) || user.AccountId() is not { } partner)
            return default;

        var key = new Key(partner, documentId);
        Lookup lookup = lookups.GetOrAdd(key, Begin);
        if (lookup.IsOver(clock.GetUtcNow()))
            lookup = lookups.Replace(key, lookup, Begin);
        Task<OperationDocument?> found = lookup.Document;
        return found.IsCompletedSuccessfully ? new(found.Result) : new(found.WaitAsync(cancellation));
    }

    /// <summary>
    /// To be called when the partner has registered these documents: this replica finds them at once, the others within
    /// <see cref="Limits.UnknownDocumentFor"/>.
    /// </summary>
    public void Forget(AccountId partner, IEnumerable<string> hashes)
    {
        foreach (string hash in hashes)
            lookups.Remove(new Key(partner, hash));
    }

    /// <summary>A caller's cancellation must not stop a query that others wait for; only the time-outs of the database do.</summary>
    private Lookup Begin(Key key) => new(ReadAsync(key), clock.GetUtcNow() + Limits.UnknownDocumentFor);

    private async Task<OperationDocument?> ReadAsync(Key key) =>
        await documents.ReadAsync(key.Partner, key.Hash, CancellationToken.None) is { } text ? new OperationDocument(text, isPublic: false) : null;

    private readonly record struct Key(AccountId Partner, string Hash);

    /// <param name="GoodUntil">When the absence of a document expires.</param>
    private sealed record Lookup(Task<OperationDocument?> Document, DateTimeOffset GoodUntil)
    {
        /// <summary>After a failure, the next caller queries again. A document that was found never expires.</summary>
        public bool IsOver(DateTimeOffset now) =>
            Document.IsCompleted && (!Document.IsCompletedSuccessfully || (Document.Result is null && now >= GoodUntil));
    }
}
