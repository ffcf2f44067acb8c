using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mycelium.Domain.Rentals;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Rentals. Read only: <see cref="RentalStatements"/> write them.</summary>
internal sealed class RentalTable : IEntityTypeConfiguration<Rental>
{
    public void Configure(EntityTypeBuilder<Rental> builder)
    {
        builder.ToTable("rentals");
        builder.Property(rental => rental.Id).ValueGeneratedNever();
        builder.HasOne(rental => rental.GridNode).WithMany().HasForeignKey(rental => rental.NodeId);
        builder.Property(rental => rental.Version).IsConcurrencyToken();
    }
}
