using System.Buffers.Text;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>A client can page only from cursors that it was given.</summary>
[Collection(ApiCollection.Name)]
public sealed class CursorTests(ApiHost host)
{
    [Theory]
    [InlineData("sliceCombinations", "order: [{ pricePerHour: ASC }]")] // Read by our own SQL,
    [InlineData("farms", "order: [{ name: DESC }]")]
    public async Task A_cursor_continues_where_it_was_issued_and_a_modified_one_is_refused(string list, string order)
    {
        foreach (Api reader in (Api[])[host.Anyone, host.Client(address: host.EntityFramework.Address)]) // and through Entity Framework.
        {
            string cursor = await CursorAsync(reader, list, order);
            byte[] bytes = Base64Url.DecodeFromChars(cursor);

            Assert.Null(await CodeAsync(reader, list, order, cursor));
            for (int index = 0; index < bytes.Length; index += 3)
            {
                byte[] changed = [.. bytes];
                changed[index] ^= 1;
                Assert.Equal("INVALID_CURSOR", await CodeAsync(reader, list, order, Base64Url.EncodeToString(changed)));
            }
            // As issued by the previous release.
            Assert.Equal("INVALID_CURSOR", await CodeAsync(reader, list, order, Base64Url.EncodeToString(bytes.AsSpan(..^16))));
        }
    }

    [Fact]
    public async Task A_cursor_is_bound_to_the_order_of_its_list_and_valid_at_every_replica()
    {
        string cursor = await CursorAsync(host.Anyone, "farms", "order: [{ name: DESC }]");

        Assert.Equal("INVALID_CURSOR", await CodeAsync(host.Anyone, "farms", "order: [{ name: ASC }]", cursor));
        Assert.Null(await CodeAsync(host.Client(address: host.EntityFramework.Address), "farms", "order: [{ name: DESC }]", cursor));
    }

    private static async Task<string> CursorAsync(Api reader, string list, string order) =>
        (await reader.DataAsync($"{{ {list}(first: 2, {order}) {{ edges {{ cursor }} }} }}"))
            .GetProperty(list).GetProperty("edges")[1].GetProperty("cursor").GetString()!;

    private static async Task<string?> CodeAsync(Api reader, string list, string order, string after)
    {
        JsonElement answer = await reader.SendAsync($"{{ {list}(first: 1, {order}, after: \"{after}\") {{ nodes {{ id }} }} }}");
        return answer.TryGetProperty("errors", out JsonElement errors) ? errors[0].GetProperty("extensions").GetProperty("code").GetString() : null;
    }
}
