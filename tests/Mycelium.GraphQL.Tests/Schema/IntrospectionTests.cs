using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Introspection;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Schema;

[Collection(ApiCollection.Name)]
public sealed class IntrospectionTests(ApiHost host)
{
    private const string SchemaQuery = "{ __schema { queryType { name } } }";

    [Fact]
    public async Task In_Development_anyone_may_read_the_schema()
    {
        Assert.Equal("Query", (await host.Anyone.DataAsync(SchemaQuery)).GetProperty("__schema").GetProperty("queryType").GetProperty("name").GetString());
        using HttpResponseMessage schema = await host.Anyone.GetAsync("/graphql/schema");
        Assert.Equal(HttpStatusCode.OK, schema.StatusCode);
    }

    [Fact]
    public async Task A_setting_restricts_the_schema_to_some_roles()
    {
        await using Replica replica = host.StartReplica(("Introspection:AllowedTo", "operator"));
        Api stranger = host.Client(address: replica.Address);
        Api farmer = host.Client(host.Farmer.Token, replica.Address);
        Api operators = host.Client(host.Operator.Token, replica.Address);

        Assert.Equal("INTROSPECTION_DISABLED", await stranger.ErrorCodeAsync(SchemaQuery));
        Assert.Equal("INTROSPECTION_DISABLED", await farmer.ErrorCodeAsync(SchemaQuery));
        JsonElement shown = await operators.DataAsync(SchemaQuery);
        using HttpResponseMessage hidden = await stranger.GetAsync("/graphql/schema");
        using HttpResponseMessage file = await operators.GetAsync("/graphql/schema");

        Assert.Equal("Query", shown.GetProperty("__schema").GetProperty("queryType").GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, hidden.StatusCode);
        Assert.Contains("type Query {", await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true, null, true)]
    [InlineData("", false, null, false)]
    [InlineData("", false, Roles.Renter, true)]
    [InlineData("everyone", false, null, true)]
    [InlineData("nobody", true, Roles.Operator, false)]
    [InlineData("farmer, operator", false, Roles.Operator, true)]
    [InlineData("farmer, operator", true, Roles.Renter, false)]
    [InlineData("farmer", true, null, false)]
    public void Access_follows_from_the_setting_and_the_environment(string allowedTo, bool isDevelopment, string? role, bool isAllowed)
    {
        var user = new ClaimsPrincipal(role is null
            ? new ClaimsIdentity()
            : new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, Guid.NewGuid().ToString()), new Claim(ClaimTypes.Role, role)], "token"));

        Assert.Equal(isAllowed, new IntrospectionSettings { AllowedTo = allowedTo }.Rule(isDevelopment)(user));
    }

    [Fact]
    public void An_unknown_role_is_refused_at_start_up() =>
        Assert.Throws<InvalidOperationException>(() => new IntrospectionSettings { AllowedTo = "farmer,opperator" }.Rule(isDevelopment: false));
}
