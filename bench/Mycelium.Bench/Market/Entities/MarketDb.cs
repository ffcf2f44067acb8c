using Microsoft.EntityFrameworkCore;

namespace Mycelium.Bench.Market.Entities;

/// <summary>The tables of the market, mapped as for these endpoints only: plain columns without converters.</summary>
internal sealed class MarketDb(DbContextOptions<MarketDb> options) : DbContext(options)
{
    public DbSet<FarmEntity> Farms => Set<FarmEntity>();
    public DbSet<NodeEntity> Nodes => Set<NodeEntity>();
    public DbSet<CombinationEntity> Combinations => Set<CombinationEntity>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<FarmEntity>().ToTable("farms").HasMany(farm => farm.Nodes).WithOne(node => node.Farm).HasForeignKey(node => node.FarmId);
        modelBuilder.Entity<NodeEntity>()
            .ToTable("nodes")
            .HasMany(node => node.Combinations)
            .WithOne(combination => combination.Node)
            .HasForeignKey(combination => combination.NodeId);
        modelBuilder.Entity<CombinationEntity>()
            .ToTable("slice_combinations")
            .HasOne(combination => combination.Farm)
            .WithMany()
            .HasForeignKey(combination => combination.FarmId);
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
    }
}

internal sealed class FarmEntity
{
    public long Id { get; set; }
    public string Name { get; set; } = "";
    public string Certification { get; set; } = "";
    public int FreePublicIpCount { get; set; }
    public List<NodeEntity> Nodes { get; } = [];
}

internal sealed class NodeEntity
{
    public long Id { get; set; }
    public long FarmId { get; set; }
    public FarmEntity Farm { get; set; } = null!;
    public string Status { get; set; } = "";
    public string Certification { get; set; } = "";
    public string? Country { get; set; }
    public string? CountryCode { get; set; }
    public string? City { get; set; }
    public double? Latitude { get; set; }
    public double? Longitude { get; set; }
    public int TotalCores { get; set; }
    public long TotalMemoryBytes { get; set; }
    public double? UptimePercent { get; set; }
    public List<CombinationEntity> Combinations { get; } = [];
}

internal sealed class CombinationEntity
{
    public long Id { get; set; }
    public long NodeId { get; set; }
    public NodeEntity Node { get; set; } = null!;
    public long FarmId { get; set; }
    public FarmEntity Farm { get; set; } = null!;
    public int Multiplier { get; set; }
    public int Cores { get; set; }
    public long MemoryBytes { get; set; }
    public long SsdBytes { get; set; }
    public int QuantityAvailable { get; set; }
    public long PricePerHour { get; set; }
    public long PricePerMonth { get; set; }
    public string? Country { get; set; }
    public string? CountryCode { get; set; }
    public string? Region { get; set; }
    public string? City { get; set; }
}
