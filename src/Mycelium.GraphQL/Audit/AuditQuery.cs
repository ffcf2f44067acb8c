using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Audit;

/// <summary>A privileged action. Entries are never changed or deleted, and identify accounts only by their IDs.</summary>
[ObjectType<AuditEntry>]
[ExtendObjectType<AuditEntry>(IgnoreProperties = [nameof(AuditEntry.Before), nameof(AuditEntry.After)])]
public static class AuditEntryType
{
    /// <summary>The state before the action: an object of IDs and amounts; null if there was none.</summary>
    public static JsonElement? GetBefore([Parent(nameof(AuditEntry.Before))] AuditEntry entry) => Parse(entry.Before);

    /// <summary>The state after the action: an object of IDs and amounts; null if there is none.</summary>
    public static JsonElement? GetAfter([Parent(nameof(AuditEntry.After))] AuditEntry entry) => Parse(entry.After);

    private static JsonElement? Parse(string? json) => json is null ? null : JsonElement.Parse(json);
}

[QueryType]
public static class AuditQuery
{
    /// <summary>Privileged actions: who did what, when, to what, and what it changed. For operators.</summary>
    [Authorize(Roles = [Roles.Operator])]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<AuditEntry> GetAuditEntries(MyceliumDb db) => db.AuditEntries;
}
