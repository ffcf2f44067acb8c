using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mycelium.Domain.Payouts;

namespace Mycelium.Infrastructure.Payouts;

/// <summary>Withdrawals. Read only: functions of the database write them, together with their money.</summary>
internal sealed class WithdrawalTable : IEntityTypeConfiguration<Withdrawal>
{
    public void Configure(EntityTypeBuilder<Withdrawal> builder)
    {
        builder.ToTable("withdrawals");
        builder.Property(withdrawal => withdrawal.Id).ValueGeneratedNever();
    }
}
