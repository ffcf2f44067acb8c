using System.Reflection;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Enforces <see cref="AuthorizeAttribute"/> before any other part of a field runs.</summary>
internal sealed class FieldAuthorization(IReadOnlyList<AuthorizeAttribute> demands)
{
    /// <summary>What the class and the member require together; null when that is nothing.</summary>
    public static FieldAuthorization? Of(MemberInfo member, params IEnumerable<Type> classes)
    {
        IEnumerable<AuthorizeAttribute> inherited = member.IsDefined(typeof(AllowAnonymousAttribute))
            ? []
            : classes.Distinct().SelectMany(type => type.GetCustomAttributes<AuthorizeAttribute>());
        AuthorizeAttribute[] demands = [.. inherited, .. member.GetCustomAttributes<AuthorizeAttribute>()];
        return demands.Length == 0 ? null : new FieldAuthorization(demands);
    }

    public FieldDelegate Around(FieldDelegate next) => async context =>
    {
        await CheckAsync(context);
        return await next(context);
    };

    public SubscribeDelegate Around(SubscribeDelegate next) => async context =>
    {
        await CheckAsync(context);
        return await next(context);
    };

    private async ValueTask CheckAsync(ResolverContext context)
    {
        ClaimsPrincipal user = context.User;
        if (user.Identity is not { IsAuthenticated: true })
            throw new GraphQLException("Sign in to use this field.", ErrorCodes.Unauthenticated);
        foreach (AuthorizeAttribute demand in demands)
        {
            if (demand.Roles.Length > 0 && !Array.Exists(demand.Roles, user.IsInRole))
                throw Forbidden(context);
            if (demand.Policy is { } policy && !await context.Services.GetRequiredService<IPolicyEvaluator>().AllowsAsync(user, policy, context))
                throw Forbidden(context);
        }
    }

    private static GraphQLException Forbidden(ResolverContext context)
    {
        context.Services.GetService<IAuthorizationObserver>()?.Refused(context.User, context.Field.Name);
        return new("You may not use this field.", ErrorCodes.Forbidden);
    }
}
