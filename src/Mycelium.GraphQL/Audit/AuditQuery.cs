using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Audit;

/// <summary>An act done with privilege. Entries are never changed or deleted, and name accounts by their ids alone.</summary>
[ObjectType<AuditEntry>]
[ExtendObjectType<AuditEntry>(IgnoreProperties = [nameof(AuditEntry.Before), nameof(AuditEntry.After)])]
public static class AuditEntryType
{
    /// <summary>What was before: an object of ids and amounts; null where nothing was.</summary>
    public static JsonElement? GetBefore([Parent(nameof(AuditEntry.Before))] AuditEntry entry) => Parse(entry.Before);

    /// <summary>What is since: an object of ids and amounts; null where nothing is.</summary>
    public static JsonElement? GetAfter([Parent(nameof(AuditEntry.After))] AuditEntry entry) => Parse(entry.After);

    private static JsonElement? Parse(string? json) => json is null ? null : JsonElement.Parse(json);
}

[QueryType]
public static class AuditQuery
{
    /// <summary>What was done with privilege: by whom, when, to what, and what it changed. For operators.</summary>
    [Authorize(Roles = [Roles.Operator])]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<AuditEntry> GetAuditEntries(MyceliumDb db) => db.AuditEntries;
}
