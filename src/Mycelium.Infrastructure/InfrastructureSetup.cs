using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Cursors;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Farms;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Market;
using Mycelium.Infrastructure.Names;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Partners;
using Mycelium.Infrastructure.Payments;
using Mycelium.Infrastructure.Payouts;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Infrastructure.Redis;
using Mycelium.Infrastructure.Rentals;
using Npgsql;

namespace Mycelium.Infrastructure;

public static class InfrastructureSetup
{
    /// <summary>
    /// PostgreSQL, Redis, the grid, and the operations on them. A host needs none of the stores to start: <see cref="StartUp"/> prepares PostgreSQL when it
    /// comes and then starts what runs in the background.
    /// </summary>
    public static IServiceCollection AddMyceliumInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(new StoreClock(TimeProvider.System));
        services.TryAddSingleton<TimeProvider>(provider => provider.GetRequiredService<StoreClock>());
        return services
            .AddMetrics()
            .AddPostgres(configuration)
            .AddEvents(configuration)
            .AddOperations(configuration)
            .AddPayments(configuration)
            .AddPayouts(configuration)
            .AddNotifications(configuration)
            .AddMail(configuration)
            .AddCoordination(configuration)
            .AddGrid(configuration)
            .AddProvisioning(configuration)
            .AddNames(configuration);
    }

    private static IServiceCollection AddPostgres(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<PostgresOptions>(configuration.GetSection(PostgresOptions.Section));
        services.AddSingleton<StoreGate>();
        services.AddSingleton(provider =>
            provider.GetRequiredService<StoreGate>().Guard(PostgresSource.Create(provider.GetRequiredService<IOptions<PostgresOptions>>().Value)));
        services.AddSingleton<ReadingSource>();
        services.AddSingleton<KeyedSource>();
        services.AddPooledDbContextFactory<MyceliumDb>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())
            .AddInterceptors(
                new GateInterceptor(provider.GetRequiredService<StoreGate>()),
                new DeadConnectionInterceptor(provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<StoreGate>()))
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking));
        // ASP.NET Core Identity and data protection change what they have read, and take their context by injection.
        services.AddScoped(provider =>
        {
            MyceliumDb db = provider.GetRequiredService<IDbContextFactory<MyceliumDb>>().CreateDbContext();
            db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.TrackAll;
            return db;
        });
        services.AddSingleton<PoolerCheck>();
        services.AddSingleton<PostgresMigrator>();
        services.AddKeyRing(configuration);
        services.AddHostedService<StartUp>();
        services.AddStoreService<StoreProbe>();
        return services;
    }

    /// <summary>
    /// Every replica reads the keys that protect bearer tokens and quotes from the database, so what one replica issues, all replicas accept.
    /// </summary>
    private static void AddKeyRing(this IServiceCollection services, IConfiguration configuration)
    {
        KeyCertificates certificates = KeyCertificates.Load(configuration.GetSection(KeyProtectionOptions.Section).Get<KeyProtectionOptions>() ?? new());
        services.AddSingleton(certificates);
        services.AddDataProtection()
            .SetApplicationName("Mycelium") // One name for all replicas, whatever folder each runs from.
            .PersistKeysToDbContext<MyceliumDb>()
            .UnprotectKeysWithAnyCertificate([.. certificates.All]);
        services.AddOptions<KeyManagementOptions>().Configure<ILoggerFactory>((keys, loggers) =>
        {
            keys.XmlEncryptor = certificates.Current is { } current ? new CertificateXmlEncryptor(current, loggers) : new NullXmlEncryptor();
            keys.AutoGenerateKeys = false;
        });
        ServiceDescriptor manager = services.Single(service => service.ServiceType == typeof(IKeyManager));
        services.Replace(ServiceDescriptor.Singleton<IKeyManager>(
            provider => new ForgetfulKeyManager((IKeyManager)Make(manager, provider), provider.GetRequiredService<Restores>())));
        ServiceDescriptor ring = services.Single(service => service.ServiceType == typeof(IKeyRingProvider));
        services.AddSingleton(provider => new KeyRings(() => (IKeyRingProvider)Make(ring, provider)));
        services.Replace(ServiceDescriptor.Singleton<IKeyRingProvider>(provider => provider.GetRequiredService<KeyRings>()));
        ServiceDescriptor protection = services.Single(service => service.ServiceType == typeof(IDataProtectionProvider));
        services.Replace(ServiceDescriptor.Singleton<IDataProtectionProvider>(provider => new GuardedProtection(
            (IDataProtectionProvider)Make(protection, provider), provider.GetRequiredService<KeyRings>(), provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton(provider => new KeyRing(
            provider.GetRequiredService<IKeyManager>(), provider.GetRequiredService<KeyRings>(), certificates,
            provider.GetRequiredService<IOptions<KeyManagementOptions>>(),
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<CursorSecret>(), provider.GetRequiredService<Restores>(),
            provider.GetRequiredService<JobRuns>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<KeyRing>>()));
        services.AddSingleton<StoreService, StoreService<KeyRing>>();
    }

    private static object Make(ServiceDescriptor service, IServiceProvider provider) =>
        service.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);

    private static IServiceCollection AddEvents(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<EventOptions>(configuration.GetSection(EventOptions.Section));
        return services
            .AddSingleton<EventSignals>()
            .AddSingleton<EventNews>()
            .AddSingleton<EventStore>()
            .AddSingleton<Restores>()
            .AddSingleton<EventSnapshots>()
            .AddSingleton<CursorSecret>()
            .AddSingleton<EventCursors>()
            .AddStoreService<EventStamper>()
            .AddStoreService<EventTail>()
            .AddStoreService<EventRetention>();
    }

    /// <summary>The operations that change something; each is one class, safe to call from anywhere at any time.</summary>
    private static IServiceCollection AddOperations(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<AllocationOptions>(configuration.GetSection(AllocationOptions.Section));
        services.AddOptions<RentalLimitOptions>()
            .Bind(configuration.GetSection(RentalLimitOptions.Section))
            .Validate(
                options => options is { ActiveSlices: >= 0, RentalsPerHour: >= 0, CancellationsPerHour: >= 0 },
                "RentalLimits:ActiveSlices, RentalsPerHour and CancellationsPerHour start at 0, which is no bound.")
            .Validate(options => options.PartnerFactor >= 1, "RentalLimits:PartnerFactor starts at 1: with less, partners could rent nothing.")
            .ValidateOnStart();
        services.Configure<PartnerOptions>(configuration.GetSection(PartnerOptions.Section));
        services.Configure<IdempotencyOptions>(configuration.GetSection(IdempotencyOptions.Section));
        services.Configure<PricingOptions>(configuration.GetSection(PricingOptions.Section));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<PricingOptions>>().Value.ToPolicy() with
        {
            WholeNodeDiscount = BasisPoints.FromPercent(provider.GetRequiredService<IOptions<RentalPolicyOptions>>().Value.WholeNodeDiscountPercent),
        });
        services.AddOptions<ExtrasOptions>()
            .Bind(configuration.GetSection(ExtrasOptions.Section))
            .Validate(
                options => ExtrasOptions.IsPrice(options.PublicIpPerHour) && ExtrasOptions.IsPrice(options.TrafficPerGib),
                "Extras:PublicIpPerHour and TrafficPerGib are between 0 and 1000 dollars.")
            .ValidateOnStart();
        services.AddOptions<RentalPolicyOptions>().Bind(configuration.GetSection(RentalPolicyOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RentalPolicyOptions>, RentalPolicyCheck>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RentalPolicyOptions>>().Value.ToPolicy(
            provider.GetRequiredService<IOptions<NotificationOptions>>().Value.NodeDownAfter));
        return services
            .AddSingleton<JobRuns>()
            .AddSingleton<CommitSignal>()
            .AddSingleton<Transactions>()
            .AddSingleton<NodeDecisions>()
            .AddSingleton<RentTransaction>()
            .AddSingleton<AllocationDesk>()
            .AddSingleton<CancelRental>()
            .AddSingleton<ChangeRental>()
            .AddSingleton<ExtendRental>()
            .AddSingleton<EndRental>()
            .AddSingleton<MoveRental>()
            .AddSingleton<RentNode>()
            .AddSingleton<PlaceMachine>()
            .AddSingleton<AskNodeQuote>()
            .AddSingleton<RenameRental>()
            .AddSingleton<SetAutoRenew>()
            .AddSingleton<AskAboutRental>()
            .AddSingleton<RentalHistory>()
            .AddSingleton<ReserveSlices>()
            .AddSingleton<ReleaseReservation>()
            .AddSingleton<ReleaseHolds>()
            .AddSingleton<RenewRentals>()
            .AddSingleton<MeterRentals>()
            .AddSingleton<SetSpendingLimit>()
            .AddSingleton<PostEarnings>()
            .AddSingleton<PayPenalties>()
            .AddSingleton<Reconcile>()
            .AddSingleton<ExpireRentals>()
            .AddSingleton<AskQuote>()
            .AddSingleton<DepositFunds>()
            .AddSingleton<WalletReader>()
            .AddSingleton<WalletHistory>()
            .AddSingleton<AccountReader>()
            .AddSingleton<LinkFarmerTwin>()
            .AddSingleton<UnlinkFarmerTwin>()
            .AddSingleton<PartnerRole>()
            .AddSingleton<StandingReader>()
            .AddSingleton<SignInTable>()
            .AddSingleton<SignInTries>()
            .AddSingleton<OneTimeCodes>()
            .AddSingleton<SecondFactorSeal>()
            .AddSingleton<ChangeStanding>()
            .AddSingleton<CloseDemoAccounts>()
            .AddSingleton<RegisterOperations>()
            .AddSingleton<PartnerDocuments>()
            .AddSingleton<RegisterNode>()
            .AddSingleton<PublishNode>()
            .AddSingleton<UnpublishNode>()
            .AddSingleton<SetNodePricing>()
            .AddStoreService<IdempotencyPruning>()
            .AddStoreService<SignInPruning>()
            .AddStoreService<ExpiryJob>()
            .AddStoreService<RenewalJob>()
            .AddStoreService<MeterJob>()
            .AddStoreService<HoldsJob>()
            .AddStoreService<EarningsJob>()
            .AddStoreService<PenaltiesJob>()
            .AddStoreService<WarnLowBalances>()
            .AddStoreService<ReconciliationJob>();
    }

    private static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<NotificationOptions>()
            .Bind(configuration.GetSection(NotificationOptions.Section))
            .Validate(options => options.NodeDownAfter >= TimeSpan.Zero, "Notifications:NodeDownAfter is not negative.")
            .ValidateOnStart();
        return services
            .AddSingleton<MarkNotificationsRead>()
            .AddSingleton<NotificationReader>()
            .AddStoreService<NotificationRetention>()
            .AddStoreService<RemindRenters>();
    }

    private static IServiceCollection AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(MailOptions.Section);
        services.Configure<MailOptions>(section);
        services.AddSingleton<MailOutbox>();
        MailOptions mail = section.Get<MailOptions>() ?? new();
        if (mail.IsSet)
            services.AddStoreService<MailDelivery>();
        return mail.Host.Length > 0 ? services.AddSingleton<IMailCarrier, SmtpCarrier>() : services.AddSingleton<IMailCarrier, FolderCarrier>();
    }

    private static IServiceCollection AddCoordination(this IServiceCollection services, IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(CoordinationOptions.Section);
        services.Configure<CoordinationOptions>(section);
        if (section.GetValue(nameof(CoordinationOptions.Mode), CoordinationMode.Redis) == CoordinationMode.InProcess)
            return services.AddSingleton<INodeTurns, InProcessTurns>();

        services.AddSingleton(provider => new Channels(provider.GetRequiredService<IOptions<CoordinationOptions>>().Value.Environment));
        services.AddSingleton<RedisMasters>();
        services.AddSingleton<RedisSignal>();
        services.AddSingleton<PointLender>();
        services.AddHostedService<RedisWakeUps>();
        return services.AddSingleton<INodeTurns, RedisTurns>();
    }
}
