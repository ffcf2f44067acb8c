using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Reading;

public static class ReadingSetup
{
    /// <summary>Lists are read without EF Core where the result is the same.</summary>
    public static IServiceCollection AddReading(this IServiceCollection services) => services
        .AddSingleton<IStoreReader, PostgresReader>()
        .ConfigureDbContext<MyceliumDb>(options => options.ReplaceService<IModelCustomizer, FoldedText>());
}
