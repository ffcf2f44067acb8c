using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Transport;
using Mycelium.GraphQL.Health;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Sets up sign-up and sign-in, on ASP.NET Core Identity's store and rules, and the tokens that callers send.</summary>
public static class AccountSetup
{
    private static readonly TimeSpan developmentTokenLifetime = TimeSpan.FromHours(12);

    /// <summary>In Development mails are written to files, unless a mail server is configured.</summary>
    private const string DevelopmentMail = "../../.local/mail";

    /// <summary>Adds the mail setting of Development. Must run before anything reads the settings.</summary>
    public static void AddDevelopmentMail(this WebApplicationBuilder builder)
    {
        MailOptions mail = builder.Configuration.GetSection(MailOptions.Section).Get<MailOptions>() ?? new();
        if (builder.Environment.IsDevelopment() && !mail.IsSet)
        {
            builder.Configuration[$"{MailOptions.Section}:{nameof(MailOptions.Directory)}"] =
                Path.GetFullPath(DevelopmentMail, builder.Environment.ContentRootPath);
        }
    }

    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<AccountSettings>(builder.Configuration.GetSection(AccountSettings.Section));
        if (builder.Environment.IsDevelopment() && builder.Configuration[$"{AccountSettings.Section}:{nameof(AccountSettings.TokenLifetime)}"] is null)
            builder.Services.PostConfigure<AccountSettings>(settings => settings.TokenLifetime = developmentTokenLifetime);
        builder.AddAccountLimit();
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, AccountProblems>()); // The first one that can write does.
        // AccountProblems does the logging.
        builder.Services.Configure<ExceptionHandlerOptions>(handler => handler.SuppressDiagnosticsCallback = failed => failed.HttpContext.IsAccount());
        // In Identity's requests, a string that is not nullable is required.
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.RespectNullableAnnotations = true);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddIdentityCore<Account>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.Password.RequiredLength = 10;
            })
            // These two stop when the request ends or reaches its deadline; Identity's own managers take no cancellation.
            .AddUserManager<AspNetUserManager<Account>>()
            .AddRoles<IdentityRole<Guid>>()
            .AddRoleManager<AspNetRoleManager<IdentityRole<Guid>>>()
            .AddEntityFrameworkStores<MyceliumDb>()
            .AddUserStore<SealedTokenStore>()
            .AddPasswordValidator<CommonPasswords>()
            .AddDefaultTokenProviders()
            .AddTokenProvider<OneTimeAuthenticator>(TokenOptions.DefaultAuthenticatorProvider);
        builder.Services.AddAuthentication(BearerHandler.Scheme).AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.Scheme, null);
        builder.Services.AddAuthorization();
        builder.Services
            .AddSingleton(_ => PasswordQueue.ForThisMachine())
            .AddSingleton<Standings>()
            .AddSingleton<TokenReader>()
            .AddSingleton<TokenIssuer>()
            .AddSingleton<DecoyPassword>()
            .AddSingleton<AccountEvents>()
            .AddSingleton<IAuthorizationObserver>(provider => provider.GetRequiredService<AccountEvents>())
            .AddStoreService<OpenViewers>()
            .AddSingleton<IViewerRights>(provider => provider.GetRequiredService<OpenViewers>())
            .AddScoped<ISocketSessionInterceptor, SocketSession>()
            .AddScoped<AccountMails>()
            .AddScoped<SignUp>()
            .AddScoped<SignIn>()
            .AddScoped<RefreshTokens>()
            .AddScoped<ConfirmEmail>()
            .AddScoped<ResetPassword>()
            .AddScoped<ManageAccount>();
        // Data protection would read its keys while the host starts, when PostgreSQL may be unavailable. StartUp reads them once it is available.
        foreach (ServiceDescriptor service in builder.Services.Where(
            service => service.ServiceType == typeof(IHostedService)
                && service.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly).ToArray())
        {
            builder.Services.Remove(service);
        }
    }

    /// <summary>Refuses requests with an invalid token, wherever tokens matter.</summary>
    public static void UseTokenRefusals(this WebApplication app)
    {
        HealthSettings health = ManagementPort.SettingsOf(app.Configuration); // Tokens are ignored on its port.
        bool UsesTokens(HttpContext context) => context.Request.Path.StartsWithSegments("/graphql")
            || context.Request.Path.StartsWithSegments("/wallet")
            || (context.Request.Path.StartsWithSegments("/health/ready") && !context.IsManagement(health));

        app.UseWhen(UsesTokens, branch =>
        {
            branch.UseWebSockets(); // So that RefuseAsync can recognize a socket.
            branch.Use(BearerHandler.RefuseAsync);
        });
    }
}
