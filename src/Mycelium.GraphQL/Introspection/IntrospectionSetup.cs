using System.Security.Claims;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Introspection;

public static class IntrospectionSetup
{
    /// <summary>Applies the settings for introspection.</summary>
    public static void AddIntrospectionRule(this WebApplicationBuilder builder)
    {
        IntrospectionSettings settings = builder.Configuration.GetSection(IntrospectionSettings.Section).Get<IntrospectionSettings>() ?? new();
        Func<ClaimsPrincipal, bool> rule = settings.Rule(builder.Environment.IsDevelopment());
        builder.Services.Configure<RequestOptions>(options => options.AllowsIntrospection = rule);
    }
}
