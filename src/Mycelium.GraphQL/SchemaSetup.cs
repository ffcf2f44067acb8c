using System.Globalization;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Mycelium.Domain;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Reading;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL;

/// <summary>Builds the schema from the classes of this assembly, and maps the domain's units to scalars.</summary>
public static class SchemaSetup
{
    public static GraphQLServerBuilder AddMyceliumSchema(this IServiceCollection services)
    {
        services.AddSingleton<IErrorFilter, StoreErrors>();
        services.AddReading();
        services.AddLimits();
        services.AddViewerCosts();
        return services.AddGraphQLServer()
            .SetSchemaDescription(
                "Compute slices of the ThreeFold Grid, for rent. "
                + "Start with `sliceCombinations`; rent with `rentSlices`; follow with `onSliceCombinationChanged`.")
            .SetRootDescription(
                OperationType.Query,
                "What you can read. Lists take `where`, `order` and paging arguments. Anyone can read the market; everything else is the caller's own.")
            .SetRootDescription(
                OperationType.Mutation,
                "What you can do. Each mutation returns one of the outcomes in its union; every refusal among them is a `Problem`.")
            .SetRootDescription(
                OperationType.Subscription,
                "What you can follow live. Each message has a cursor; pass it as `after` to receive what you missed.")
            .AddTypes(typeof(SchemaSetup).Assembly)
            .AddType<IProblem>()
            .AddCacheControl()
            .AddInvalidInputResult(violations => new InvalidInput([.. violations.Select(violation =>
                new InvalidField(
                    [.. violation.Path.Select(step => Convert.ToString(step, CultureInfo.InvariantCulture)!)], violation.Message, violation.Rule))]))
            .AddIdConverter<AccountId>("Account")
            .AddIdConverter<LedgerEntryId>("LedgerEntry")
            .BindRuntimeType<ImageId, StringType>()
            .AddTypeConverter<ImageId, string>(image => image.Value)
            .BindRuntimeType<RentalHours, IntType>()
            .AddFloor<int, RentalHours>(hours => hours < RentalHours.Min ? null : RentalHours.From(Math.Min(hours, RentalHours.Max)))
            .BindRuntimeType<BasisPoints, FloatType>()
            .AddTypeConverter<BasisPoints, double>(points => points.Percent)
            .BindRuntimeType<MicroUsd, UsdAmountType>()
            .AddTypeConverter<MicroUsd, decimal>(amount => Dollars.Of(amount.Value))
            .AddTypeConverter<decimal, MicroUsd>(dollars => MicroUsd.From(Dollars.ToMicroUsd(dollars)))
            .AddFloor<decimal, MicroUsd>(dollars => Dollars.Floor(dollars) is { } amount ? MicroUsd.From(amount) : null)
            .BindRuntimeType<MicroUsdPerHour, UsdAmountType>()
            .AddTypeConverter<MicroUsdPerHour, decimal>(rate => Dollars.Of(rate.Value))
            .AddTypeConverter<decimal, MicroUsdPerHour>(dollars => MicroUsdPerHour.From(Dollars.ToMicroUsd(dollars)))
            .AddFloor<decimal, MicroUsdPerHour>(dollars => Dollars.Floor(dollars) is { } rate and >= 0 ? MicroUsdPerHour.From(rate) : null)
            .RegisterPooledService<MyceliumDb>(async (provider, cancellation) =>
                await provider.GetRequiredService<IDbContextFactory<MyceliumDb>>().CreateDbContextAsync(cancellation))
            .ModifyRequestOptions(options =>
            {
                options.EnableDefer = true; // A dashboard can show its first screen while slow fields are still loading.
                options.EnableStream = true;
            });
    }
}
