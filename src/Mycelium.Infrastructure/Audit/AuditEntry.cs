using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;

namespace Mycelium.Infrastructure.Audit;

/// <summary>A privileged act as it was recorded. Entries are never changed or deleted.</summary>
public sealed class AuditEntry
{
    private AuditEntry()
    {
    }

    /// <summary>Grows with time.</summary>
    public long Id { get; private set; }

    /// <summary>When it was done, by the database's clock.</summary>
    public DateTimeOffset ActedAt { get; private set; }

    /// <summary>What kind of actor did it.</summary>
    public ActorKind Actor { get; private set; }

    /// <summary>Which account did it; null for a command and for a grid.</summary>
    public AccountId? ActorId { get; private set; }

    /// <summary>What was done.</summary>
    public AuditAction Action { get; private set; }

    /// <summary>What kind of thing it was done to.</summary>
    public AuditSubject Subject { get; private set; }

    /// <summary>Which one: an account's ID, a grid's name, or a grid's name and a number there, such as <c>main/2</c>.</summary>
    public string SubjectId { get; private set; } = "";

    /// <summary>The account that gained or lost by it; null if there is none.</summary>
    public AccountId? AccountId { get; private set; }

    /// <summary>What was before, as JSON of ids and amounts.</summary>
    public string? Before { get; private set; }

    /// <summary>What is since, as JSON of ids and amounts.</summary>
    public string? After { get; private set; }
}

/// <summary>Read only: <see cref="AuditTrail"/> writes it, and <c>audit_farm_owners</c> what grids do.</summary>
internal sealed class AuditTable : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_entries");
        builder.Property(entry => entry.Actor).HasConversion<string>();
        builder.Property(entry => entry.Action).HasConversion<string>();
        builder.Property(entry => entry.Subject).HasConversion<string>();
        builder.Property(entry => entry.Before).HasColumnType("jsonb");
        builder.Property(entry => entry.After).HasColumnType("jsonb");
    }
}
