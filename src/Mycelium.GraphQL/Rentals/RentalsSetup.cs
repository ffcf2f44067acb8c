namespace Mycelium.GraphQL.Rentals;

public static class RentalsSetup
{
    public static IServiceCollection AddQuoteTokens(this IServiceCollection services) => services.AddSingleton<QuoteTokens>();
}
