using Microsoft.EntityFrameworkCore;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

public sealed class PostgresFailuresTests
{
    [Theory]
    [InlineData("55P03")] // A lock was not to be had.
    [InlineData("40001")]
    [InlineData("40P01")]
    [InlineData("40000")]
    [InlineData("40002")]
    [InlineData("40003")] // Whether it was done is not known.
    [InlineData("57014")] // A statement timed out.
    [InlineData("57P01")]
    [InlineData("57P02")]
    [InlineData("57P03")]
    [InlineData("57P04")]
    [InlineData("57P05")]
    [InlineData("53100")]
    [InlineData("53200")]
    [InlineData("53300")]
    [InlineData("53400")]
    [InlineData("58030")]
    [InlineData("08006")]
    [InlineData("08P01")]
    [InlineData("25P03")]
    [InlineData("25006")] // A standby by now.
    [InlineData("28P01")]
    [InlineData("3D000")]
    public void What_is_not_our_mistake_is_unavailable_and_may_be_tried_again_however_it_is_wrapped(string state)
    {
        var failure = new PostgresException("text", "ERROR", "ERROR", state);

        foreach (Exception shown in (Exception[])[failure, new InvalidOperationException("transient", failure), new DbUpdateException("update", failure)])
            Assert.True(PostgresFailures.AsUnavailable(shown) is { IsRetryable: true }, shown.ToString());
    }

    [Theory]
    [InlineData("22021")] // A value that PostgreSQL does not take is the caller's.
    [InlineData("23505")]
    [InlineData("25P02")]
    [InlineData("42P01")]
    [InlineData("54001")]
    [InlineData("XX000")]
    public void What_is_our_mistake_or_the_callers_is_not(string state) =>
        Assert.Null(PostgresFailures.AsUnavailable(new PostgresException("text", "ERROR", "ERROR", state)));
}
