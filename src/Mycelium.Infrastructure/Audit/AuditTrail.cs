using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Mycelium.Infrastructure.Audit;

/// <summary>One privileged act.</summary>
/// <param name="By">The actor.</param>
/// <param name="Action">What is done.</param>
/// <param name="Subject">What kind of thing it is done to.</param>
/// <param name="SubjectId">Which one, as <see cref="AuditSubject"/> says.</param>
/// <param name="Affected">The account that gains or loses by it; null if there is none.</param>
/// <param name="Before">
/// An object of ids and amounts, written as JSON; null where nothing was before. Never an e-mail address, a name or a secret: the table refuses <c>@</c>.
/// </param>
/// <param name="After">The same for what is now.</param>
public sealed record PrivilegedAct(
    Actor By, AuditAction Action, AuditSubject Subject, string SubjectId, AccountId? Affected = null, object? Before = null, object? After = null);

/// <summary>
/// Writes the audit trail. An entry is written in the transaction of its act, so that neither exists without the other; an act that changes nothing, such as
/// a repeated grant, leaves none.
/// </summary>
public static class AuditTrail
{
    private const string Insert =
        """
        INSERT INTO audit_entries (actor, actor_id, action, subject, subject_id, account_id, before, after)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private static readonly JsonSerializerOptions json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Adds the entry to the statements of its transaction.</summary>
    public static NpgsqlBatch ThenAudit(this NpgsqlBatch batch, PrivilegedAct act) => batch.Then(Insert, [.. Parameters(act)]);

    private static IEnumerable<NpgsqlParameter> Parameters(PrivilegedAct act) =>
    [
        new() { Value = act.By.Kind.ToString() },
        Uuid(act.By.Account),
        new() { Value = act.Action.ToString() },
        new() { Value = act.Subject.ToString() },
        new() { Value = act.SubjectId },
        Uuid(act.Affected),
        State(act.Before),
        State(act.After),
    ];

    private static NpgsqlParameter Uuid(AccountId? account) => new() { Value = (object?)account?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    private static NpgsqlParameter State(object? state) =>
        new() { Value = state is null ? DBNull.Value : JsonSerializer.Serialize(state, json), NpgsqlDbType = NpgsqlDbType.Jsonb };
}
