using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Mycelium.GraphQL.Engine.Data;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class HarbourDb(DbContextOptions<HarbourDb> options) : DbContext(options)
{
    public DbSet<Ship> Ships => Set<Ship>();
    public DbSet<Berth> Berths => Set<Berth>();
    public DbSet<Port> Ports => Set<Port>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Ship>(ship =>
        {
            ship.Property(one => one.Id).ValueGeneratedNever();
            ship.Property(one => one.Kind).HasConversion<string>();
            ship.Property(one => one.FormerKind).HasConversion<string>();
            ship.Ignore(one => one.Label);
            ship.HasOne(one => one.Berth).WithMany().HasForeignKey(one => one.BerthId);
            ship.HasMany(one => one.Cargos).WithOne().HasForeignKey(one => one.ShipId);
        });
        modelBuilder.HasDbFunction(typeof(CaseFolding).GetMethod(nameof(CaseFolding.Fold))!).HasName("fold_case");
        modelBuilder.Entity<Berth>().Property(one => one.Id).ValueGeneratedNever();
        modelBuilder.Entity<Port>().Property(one => one.Id).ValueGeneratedNever();
        modelBuilder.Entity<Cargo>().Property(one => one.Id).ValueGeneratedNever();
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<ShipId>().HaveConversion<ShipIdConverter>();
        configurationBuilder.Properties<Fee>().HaveConversion<FeeConverter>();
    }

    private sealed class ShipIdConverter() : ValueConverter<ShipId, long>(id => id.Value, value => new ShipId(value));

    private sealed class FeeConverter() : ValueConverter<Fee, long>(fee => fee.Value, value => Fee.From(value));
}
