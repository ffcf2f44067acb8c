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
        builder.Ignore(rental => rental.Segments); // Read by their own loader.
        builder.Ignore(rental => rental.IsLive);
        builder.Ignore(rental => rental.Spent);
    }
}

/// <summary>Holds. Read only: <see cref="ReservationStatements"/> write them.</summary>
internal sealed class ReservationTable : IEntityTypeConfiguration<Reservation>
{
    public void Configure(EntityTypeBuilder<Reservation> builder)
    {
        builder.ToTable("reservations");
        builder.Property(held => held.Id).ValueGeneratedNever();
        builder.Ignore(held => held.SliceCombinationId);
    }
}
