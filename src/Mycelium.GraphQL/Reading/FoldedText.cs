using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Mycelium.GraphQL.Engine.Data;

namespace Mycelium.GraphQL.Reading;

/// <summary>Tells the entity framework which function of the database folds text as <see cref="CaseFolding.Fold"/> does.</summary>
internal sealed class FoldedText(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
{
    /// <summary>In Schema/Definitions/Reading/fold_case.sql.</summary>
    public const string Function = "fold_case";

    public override void Customize(ModelBuilder modelBuilder, DbContext context)
    {
        base.Customize(modelBuilder, context);
        modelBuilder.HasDbFunction(typeof(CaseFolding).GetMethod(nameof(CaseFolding.Fold))!).HasName(Function);
    }
}
