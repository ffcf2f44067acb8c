using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Mycelium.Domain.Names;

namespace Mycelium.Infrastructure.Names;

/// <summary>Names. Read only: <see cref="NameStatements"/> and functions of the database write them.</summary>
internal sealed class ReservedNameTable : IEntityTypeConfiguration<ReservedName>
{
    public void Configure(EntityTypeBuilder<ReservedName> builder)
    {
        builder.ToTable("reserved_names");
        builder.Property(name => name.Id).ValueGeneratedNever();
    }
}
