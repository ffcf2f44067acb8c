using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Market;
using Mycelium.Domain.Names;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// The tables that are read as entities. A context from the factory does not track what it reads; the one that ASP.NET Core Identity and data protection get by
/// injection does. Of the ledger there is a view, of wallets alone. Tables of events and of idempotency keys have no entities: they are written by statements
/// and read by their own readers.
/// </summary>
public sealed class MyceliumDb(DbContextOptions<MyceliumDb> options) : IdentityDbContext<Account, IdentityRole<Guid>, Guid>(options), IDataProtectionKeyContext
{
    public DbSet<Farm> Farms => Set<Farm>();
    public DbSet<GridNode> GridNodes => Set<GridNode>();
    public DbSet<SliceCombination> SliceCombinations => Set<SliceCombination>();
    public DbSet<Rental> Rentals => Set<Rental>();
    public DbSet<Reservation> Reservations => Set<Reservation>();
    public DbSet<WalletEntry> WalletEntries => Set<WalletEntry>();
    public DbSet<Withdrawal> Withdrawals => Set<Withdrawal>();
    public DbSet<ReservedName> ReservedNames => Set<ReservedName>();
    public DbSet<Notification> Notifications => Set<Notification>();
    public DbSet<GridFlaw> GridFlaws => Set<GridFlaw>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => configurationBuilder.ConvertUnits();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(MyceliumDb).Assembly);
        builder.NameColumnsAfterProperties();
    }
}
