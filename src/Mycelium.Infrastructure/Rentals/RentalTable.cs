using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mycelium.Domain.Rentals;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Rentals. <c>start_rentals</c> in 0012_rentals_by_columns.sql and <c>end_rentals</c> in 0003_rentals.sql write them together with the slices that they hold.</summary>
internal sealed class RentalTable : IEntityTypeConfiguration<Rental>
{
    public void Configure(EntityTypeBuilder<Rental> builder)
    {
        builder.ToTable("rentals");
        builder.Property(rental => rental.Id).ValueGeneratedNever();
        builder.HasOne(rental => rental.Node).WithMany().HasForeignKey(rental => rental.NodeId);
        builder.Property(rental => rental.Version).IsConcurrencyToken();
    }
}
