using Mycelium.GraphQL;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Demo;
using Mycelium.GraphQL.Edge;
using Mycelium.GraphQL.Engine.Transport;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Events;
using Mycelium.GraphQL.GraphiQL;
using Mycelium.GraphQL.Health;
using Mycelium.GraphQL.Introspection;
using Mycelium.GraphQL.Partners;
using Mycelium.GraphQL.Rentals;
using Mycelium.GraphQL.Telemetry;
using Mycelium.Infrastructure;

if (GrantOperatorCommand.IsMeant(args))
    return await GrantOperatorCommand.RunAsync(args);

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddLogging();
builder.AddEdge();
builder.Services.AddMyceliumInfrastructure(builder.Configuration);
builder.AddAccounts();
builder.Services.AddSingleton<QuoteTokens>();
builder.Services.AddSingleton<EventFeed>();
builder.Services.AddSingleton<UnreadableEvents>();
builder.Services.AddSingleton<LiveFeeds>();
builder.Services.AddHostedService(provider => provider.GetRequiredService<LiveFeeds>());
builder.Services.AddHostedService<MemoryReturn>();
builder.Services.AddSingleton<Readiness>();
builder.AddPersistedOperations(builder.Services.AddMyceliumSchema());
builder.AddIntrospectionRule();
builder.AddTelemetry();
if (builder.Environment.IsDevelopment())
    builder.Services.AddDemo();

WebApplication app = builder.Build();
// A command about the schema needs no database; a server does, and brings it up to date before it listens, while the schema is made of its classes.
Task prepared = args is ["schema", ..] ? Task.CompletedTask : app.Services.PrepareStoreAsync();
app.UseEdge();
app.UseGraphiQL();
app.UseAuthentication();
app.UseAuthorization();
app.MapAccounts();
app.MapGraphQL("/graphql");
app.MapGraphQLSchema("/graphql/schema");
app.MapGraphQLPersistedOperations("/graphql/persisted");
app.MapHealth();

await prepared;
return await app.RunWithGraphQLCommandsAsync(args);
