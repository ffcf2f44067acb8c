using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mycelium.Domain.Farms;

namespace Mycelium.Infrastructure.Farms;

/// <summary>Farms, by grid and number there. The owner follows from the linked twins, by trigger.</summary>
internal sealed class FarmTable : IEntityTypeConfiguration<Farm>
{
    public void Configure(EntityTypeBuilder<Farm> builder)
    {
        builder.ToTable("farms");
        builder.Property(farm => farm.Id).ValueGeneratedNever();
        builder.Property(farm => farm.GridId).ValueGeneratedOnAddOrUpdate();
    }
}
