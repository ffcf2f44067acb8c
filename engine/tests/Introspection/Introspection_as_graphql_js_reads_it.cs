using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Tests.Transport;
using Mycelium.GraphQL.Engine.Tests.TypeSystem;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Introspection;

public sealed class Introspection_as_graphql_js_reads_it : IDisposable
{
    private readonly ServiceProvider services = Market.Services();
    private readonly string file = Path.GetTempFileName();

    public void Dispose()
    {
        services.Dispose();
        File.Delete(file);
    }

    [Fact]
    public async Task The_schema_that_a_client_builds_from_introspection_is_the_one_that_is_printed()
    {
        string query = (await NodeClients.RunAsync("introspection.js", "query"))[0].GetProperty("query").GetString()!;
        JsonElement response = JsonElement.Parse(await services.RunAsync(query));
        string sdl = SchemaPrinter.Print(services.GetRequiredService<Schema>());
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { data = response.GetProperty("data"), sdl }));

        JsonElement read = (await NodeClients.RunAsync("introspection.js", "read", file))[0];

        Assert.Equal(read.GetProperty("sdl").GetString(), read.GetProperty("introspection").GetString());
        Assert.Contains("input StallByInput @oneOf", read.GetProperty("introspection").GetString(), StringComparison.Ordinal);
    }
}
