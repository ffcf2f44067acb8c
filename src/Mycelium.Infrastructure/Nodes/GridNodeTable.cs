using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.Infrastructure.Nodes;

/// <summary>Nodes, by grid and number there. What follows from other columns is computed by PostgreSQL; the version guards against lost updates.</summary>
internal sealed class GridNodeTable : IEntityTypeConfiguration<GridNode>
{
    public void Configure(EntityTypeBuilder<GridNode> builder)
    {
        builder.ToTable("nodes");
        builder.Property(node => node.Id).ValueGeneratedNever();
        builder.HasOne(node => node.Farm).WithMany().HasForeignKey(node => node.FarmId);
        builder.Property(node => node.Gpus).HasColumnType("jsonb").HasConversion(
            gpus => JsonSerializer.Serialize(gpus, RowJson.Options),
            json => JsonSerializer.Deserialize<Gpu[]>(json, RowJson.Options)!,
            new ValueComparer<IReadOnlyList<Gpu>>((left, right) => left!.SequenceEqual(right!), gpus => gpus.Count, gpus => gpus));
        builder.Property(node => node.GridId).ValueGeneratedOnAddOrUpdate();
        builder.Property(node => node.IsVanished).ValueGeneratedOnAddOrUpdate();
        builder.Property(node => node.IsRegistered).ValueGeneratedOnAddOrUpdate();
        builder.Property(node => node.PricePerSliceHour).ValueGeneratedOnAddOrUpdate();
        builder.Property(node => node.Unavailability).ValueGeneratedOnAddOrUpdate();
        builder.Property(node => node.OvercommittedSlices).ValueGeneratedOnAddOrUpdate();
        builder.Property(node => node.FreeSlices).ValueGeneratedOnAddOrUpdate();
        builder.Property(node => node.IsSellable).ValueGeneratedOnAddOrUpdate();
        builder.Property(node => node.Version).IsConcurrencyToken();
    }
}
