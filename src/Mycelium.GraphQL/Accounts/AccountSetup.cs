using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Sign-up and sign-in by ASP.NET Core Identity: <c>/account/register</c>, <c>/account/login</c>, <c>/account/refresh</c> and its other endpoints.</summary>
public static class AccountSetup
{
    /// <summary>
    /// Identity's own default is one hour with a refresh token of 14 days; frontends refresh. In Development a token lasts 12 hours, so that one pasted into a
    /// terminal outlives the session.
    /// </summary>
    private static readonly TimeSpan developmentTokenLifetime = TimeSpan.FromHours(12);

    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        builder.Services.AddIdentityApiEndpoints<Account>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.Password.RequiredLength = 10;
                options.Lockout.MaxFailedAccessAttempts = 10; // Then 5 minutes: a guesser gets 3 000 tries a day, a person who mistypes gets in.
            })
            // These two end with the request, at its deadline too; Identity's own take no cancellation.
            .AddUserManager<AspNetUserManager<Account>>()
            .AddRoles<IdentityRole<Guid>>()
            .AddRoleManager<AspNetRoleManager<IdentityRole<Guid>>>()
            .AddEntityFrameworkStores<MyceliumDb>()
            .AddClaimsPrincipalFactory<RolesPrincipalFactory>();
        if (builder.Environment.IsDevelopment())
        {
            builder.Services.Configure<BearerTokenOptions>(
                IdentityConstants.BearerScheme, options => options.BearerTokenExpiration = developmentTokenLifetime);
        }
        builder.Services.AddOptions<BearerTokenOptions>(IdentityConstants.BearerScheme).PostConfigure<StoreGate, Restores, TimeProvider>(
            (options, gate, restores, clock) => options.BearerTokenProtector = new OpenedTokens(options.BearerTokenProtector, gate, restores, clock));
        builder.Services.AddSingleton(_ => PasswordQueue.ForThisMachine());
        builder.Services.AddSingleton<RoleStanding>();
        builder.Services.AddSingleton<IClaimsTransformation>(provider => provider.GetRequiredService<RoleStanding>());
        builder.Services.AddAuthorization();
        // Data protection would read its keys while the host starts, when PostgreSQL may not be there; StartUp reads them once it is.
        foreach (ServiceDescriptor service in builder.Services.Where(
            service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly).ToArray())
        {
            builder.Services.Remove(service);
        }
    }

    /// <summary>Everybody who has signed up may rent; the other roles are given, that of a farmer with a twin.</summary>
    private sealed class RolesPrincipalFactory(
        UserManager<Account> accounts, RoleManager<IdentityRole<Guid>> roles, IOptions<IdentityOptions> options, CurrentRoles current)
        : UserClaimsPrincipalFactory<Account, IdentityRole<Guid>>(accounts, roles, options)
    {
        protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
        {
            ClaimsIdentity identity = await base.GenerateClaimsAsync(user);
            foreach (string role in (await current.OfAsync(new AccountId(user.Id), CancellationToken.None)).Append(Roles.Renter))
            {
                if (!identity.HasClaim(identity.RoleClaimType, role))
                    identity.AddClaim(new Claim(identity.RoleClaimType, role));
            }
            return identity;
        }
    }
}
