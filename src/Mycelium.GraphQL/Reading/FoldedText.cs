using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Mycelium.GraphQL.Engine.Data;

namespace Mycelium.GraphQL.Reading;

/// <summary>Maps <see cref="CaseFolding.Fold"/> to the database function that folds text in the same way.</summary>
internal sealed class FoldedText(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
{
    /// <summary>Defined in Schema/Definitions/Reading/fold_case.sql.</summary>
    public const string Function = "fold_case";

    public override void Customize(ModelBuilder modelBuilder, DbContext context)
    {
        base.Customize(modelBuilder, context);
        modelBuilder.HasDbFunction(typeof(CaseFolding).GetMethod(nameof(CaseFolding.Fold))!).HasName(Function);
    }
}
