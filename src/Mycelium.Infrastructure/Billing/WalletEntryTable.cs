using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mycelium.Domain.Billing;

namespace Mycelium.Infrastructure.Billing;

/// <summary>Postings of wallets with their entries: a view. <see cref="LedgerTable"/> writes them.</summary>
internal sealed class WalletEntryTable : IEntityTypeConfiguration<WalletEntry>
{
    public void Configure(EntityTypeBuilder<WalletEntry> builder)
    {
        builder.ToView("wallet_entries");
        builder.HasKey(entry => new { entry.AccountId, entry.Sequence });
    }
}
