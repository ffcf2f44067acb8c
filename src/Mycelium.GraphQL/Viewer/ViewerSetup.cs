using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL;

public static class ViewerSetup
{
    /// <summary>What a request may cost, by who is calling, and whether the answer reports what it did cost.</summary>
    public static IServiceCollection AddViewerCosts(this IServiceCollection services)
    {
        services.AddSingleton<ICostLimits, ViewerCosts>();
        services.AddOptions<RequestOptions>().Configure<IConfiguration>((options, configuration) =>
            options.Cost.ReportCost = (configuration.GetSection(CostSettings.Section).Get<CostSettings>() ?? new CostSettings()).Report);
        return services;
    }
}
