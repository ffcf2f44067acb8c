using Mycelium.GraphQL;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Billing;
using Mycelium.GraphQL.Callers;
using Mycelium.GraphQL.Cursors;
using Mycelium.GraphQL.Demo;
using Mycelium.GraphQL.Edge;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Transport;
using Mycelium.GraphQL.Events;
using Mycelium.GraphQL.GraphiQL;
using Mycelium.GraphQL.Health;
using Mycelium.GraphQL.Hosting;
using Mycelium.GraphQL.Introspection;
using Mycelium.GraphQL.Partners;
using Mycelium.GraphQL.Payments;
using Mycelium.GraphQL.Rentals;
using Mycelium.GraphQL.Telemetry;
using Mycelium.Infrastructure;

if (await args.RunHostCommandAsync() is { } exitCode)
    return exitCode;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
if (builder.AddProductionGuard(args) is { Count: > 0 } refusals)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, refusals));
    return 1;
}
builder.AddLogging();
builder.AddEdge();
builder.AddCallers();
builder.AddDevelopmentMail();
builder.Services.AddMyceliumInfrastructure(builder.Configuration);
builder.AddAccounts();
builder.Services.AddQuoteTokens();
builder.Services.AddSingleton<ICursorSeal, PageSeal>();
builder.Services.AddFeeds();
builder.Services.AddSingleton<Readiness>();
builder.AddPersistedOperations(builder.Services.AddMyceliumSchema());
builder.AddIntrospectionRule();
builder.AddTelemetry();
if (builder.Environment.IsDevelopment())
    builder.Services.AddDemo();

WebApplication app = builder.Build();
app.UseManagementPort();
app.UseEdge();
app.UseAccountProblems();
app.UseDeadline();
app.UseGraphiQL();
app.UseAuthentication();
app.UseTokenRefusals();
app.UseAuthorization();
app.MapAccounts();
app.MapGraphQL("/graphql");
app.MapGraphQLSchema("/graphql/schema");
app.MapGraphQLPersistedOperations("/graphql/persisted");
app.MapWalletFile();
app.MapStripeWebhook();
app.MapHealth();
app.MapSecurityContact();

try
{
    int code = await app.RunWithGraphQLCommandsAsync(args);
    return code != 0 ? code : Environment.ExitCode;
}
catch (Exception) when (Environment.ExitCode != 0)
{
    return Environment.ExitCode; // Whatever set the exit code has logged the reason.
}
