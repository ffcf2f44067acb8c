using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Market;

[Collection(ApiCollection.Name)]
public sealed class MarketTermsTests(ApiHost host)
{
    [Fact]
    public async Task Anybody_reads_what_a_client_would_otherwise_have_to_know()
    {
        JsonElement terms = (await host.Anyone.DataAsync(
            """
            {
              marketTerms {
                priceMin priceMax defaultPrice defaultPriceCertified hoursMin hoursMax hoursPerMonth months { months hours discountPercent } quantityMax
                quoteSeconds cancelQuoteSeconds holdMinutes holdMinutesMax reservationsMax reservedSlicesMax graceHours renewalLeadHours usedHoursMin feePercent
              }
            }
            """)).GetProperty("marketTerms");

        Assert.Equal(
            string.Concat("""
            {"priceMin":"0.001000","priceMax":"1.000000","defaultPrice":"0.015000","defaultPriceCertified":"0.018750",
            "hoursMin":1,"hoursMax":8760,"hoursPerMonth":720,
            "months":[{"months":1,"hours":720,"discountPercent":0},{"months":3,"hours":2160,"discountPercent":5},
            {"months":6,"hours":4320,"discountPercent":10},{"months":12,"hours":8640,"discountPercent":15}],
            "quantityMax":1000,"quoteSeconds":300,"cancelQuoteSeconds":60,"holdMinutes":5,"holdMinutesMax":30,
            "reservationsMax":3,"reservedSlicesMax":32,"graceHours":72,"renewalLeadHours":24,"usedHoursMin":1,"feePercent":0}
            """.Split('\n')),
            terms.GetRawText());
    }
}
