using System.Security.Cryptography.X509Certificates;
using Mycelium.GridStandIn.Endpoints;
using Mycelium.GridStandIn.Faults;
using Mycelium.GridStandIn.Fleet;
using Mycelium.GridStandIn.Payments;
using Mycelium.GridStandIn.Payouts;
using Mycelium.GridStandIn.Provisioner;

namespace Mycelium.GridStandIn;

/// <summary>Builds the server, for the command line and for tests.</summary>
public static class StandIn
{
    public static WebApplication CreateApp(string[] args) => CreateApp(args, options: null);

    public static WebApplication CreateApp(string[] args, StandInOptions? options)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (options is null)
            builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information); // Prints the address, for use on the command line.
        StandInOptions settings = options ?? StandInOptions.From(builder.Configuration);
        if (builder.Configuration["certificate"] is { } file)
        {
            X509Certificate2 certificate = OwnCertificate.Make(file, builder.Configuration["names"] ?? "localhost,127.0.0.1");
            builder.WebHost.ConfigureKestrel(server => server.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        }
        builder.Services.AddSingleton(new GridFleet(settings));
        builder.Services.AddSingleton<FaultBoard>();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<MachineRegistry>();
        builder.Services.AddSingleton<ProvisionerRequests>();
        builder.Services.AddSingleton<ProvisionerProtocol>();
        builder.Services.AddSingleton<PaymentProvider>();
        builder.Services.AddSingleton<PayoutSender>();

        WebApplication app = builder.Build();
        app.UseMiddleware<GridPrefix>(settings.Grids);
        app.UseMiddleware<FaultMiddleware>();
        app.UseRouting(); // After the prefix has been removed.
        app.MapFaults();
        app.MapNodes();
        app.MapFarms();
        app.MapStats();
        if (settings.ProvisionerSecret is not null)
            app.Map("/provisioner/{**rest}", app.Services.GetRequiredService<ProvisionerProtocol>().AnswerAsync);
        if (settings.PaymentWebhook is not null)
            app.MapPayments(app.Services.GetRequiredService<PaymentProvider>());
        if (settings.PayoutSecret is not null)
            app.MapMethods("/payouts/{id:guid}", ["GET", "PUT"], app.Services.GetRequiredService<PayoutSender>().AnswerAsync);
        app.MapFallback(context => Json.WriteErrorAsync(context, StatusCodes.Status404NotFound, "not found"));
        return app;
    }
}
