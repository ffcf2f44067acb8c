using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mycelium.Domain.Market;

namespace Mycelium.Infrastructure.Market;

/// <summary>
/// What is for rent. Read only: <c>refresh_slice_combinations</c> writes it from the view <c>slice_combinations_for_sale</c>; its indexes are in
/// <c>Tables/Market.sql</c> with their plans.
/// </summary>
internal sealed class SliceCombinationTable : IEntityTypeConfiguration<SliceCombination>
{
    public void Configure(EntityTypeBuilder<SliceCombination> builder)
    {
        builder.ToTable("slice_combinations");
        builder.Property(combination => combination.Id).ValueGeneratedNever();
        builder.HasOne(combination => combination.GridNode).WithMany().HasForeignKey(combination => combination.NodeId);
        builder.HasOne(combination => combination.Farm).WithMany().HasForeignKey(combination => combination.FarmId);
    }
}
