using Mycelium.GraphQL.Engine.Data;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddGraphQLServer().AddQueryType<Query>();
WebApplication app = builder.Build();
app.MapGraphQL();
await app.RunAsync();

public sealed record Book(int Id, string Title, int Year);

public sealed class Query
{
    [UsePaging, UseFiltering, UseSorting]
    public IQueryable<Book> Books() => new Book[] { new(1, "Solaris", 1961), new(2, "Dune", 1965), new(3, "Kindred", 1979) }.AsQueryable();
}
