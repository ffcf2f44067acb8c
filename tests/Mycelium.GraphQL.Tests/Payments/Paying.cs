using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GridStandIn;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Payments;

/// <summary>A replica with a payment provider: the stand-in's checkout, which sends signed events.</summary>
internal sealed class Paying : IAsyncDisposable
{
    public const string Secret = "whsec_of_the_tests_0123456789";
    private readonly ApiHost host;
    private readonly StandInServer provider;
    private readonly HttpClient payer;

    private Paying(ApiHost host, StandInServer provider, StandInOptions options, IEnumerable<(string, string)> settings)
    {
        (this.host, this.provider) = (host, provider);
        payer = new HttpClient { BaseAddress = provider.BaseAddress };
        payer.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        Replica = host.StartReplica([("Payments:WebhookSecret", Secret), .. settings]);
        options.PaymentWebhook = new Uri(Replica.Address, "payments/stripe");
    }

    public Replica Replica { get; }

    /// <param name="host">The database.</param>
    /// <param name="settings">Of the checkout, by the address of the provider.</param>
    public static async Task<Paying> StartAsync(ApiHost host, Func<Uri, (string, string)[]> settings)
    {
        var options = new StandInOptions { Nodes = 3, Farms = 1, PaymentSecret = Secret, PaymentWebhook = new Uri("http://127.0.0.1:1/") };
        StandInServer provider = await StandInServer.StartAsync(options);
        return new(host, provider, options, settings(provider.BaseAddress));
    }

    /// <summary>With a page that the settings name.</summary>
    public static Task<Paying> StartAsync(ApiHost host) =>
        StartAsync(host, provider => [("Payments:CheckoutUrl", $"{provider}payments/checkout?account={{account}}&cents={{cents}}")]);

    public Api As(Api account) => host.Client(account.Token, Replica.Address);

    /// <summary>Pays at the address that the API gave, as the page's form does; returns the payment.</summary>
    public async Task<string> PayAsync(string address, int repeat = 1)
    {
        var query = System.Web.HttpUtility.ParseQueryString(new Uri(address).Query);
        return await PostAsync("/payments/checkout", ("account", query["account"]!), ("cents", query["cents"]!), ("repeat", $"{repeat}"));
    }

    /// <summary><c>refund</c>, <c>dispute</c> or <c>dispute-won</c>.</summary>
    public Task<string> ActAsync(string payment, string act, int cents, int repeat = 1) =>
        PostAsync($"/payments/{payment}/{act}", ("cents", $"{cents}"), ("repeat", $"{repeat}"));

    private async Task<string> PostAsync(string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using HttpResponseMessage answer = await payer.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("payment").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        payer.Dispose();
        await Replica.DisposeAsync();
        await provider.DisposeAsync();
    }
}
