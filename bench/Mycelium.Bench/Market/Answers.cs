using System.Text;
using Mycelium.Bench.Peers;

namespace Mycelium.Bench.Market;

/// <summary>Checks that all sides return the same response before any of them is measured.</summary>
internal static class Answers
{
    /// <param name="sides">Ours is the last.</param>
    /// <returns>The length of our response in bytes.</returns>
    public static async Task<int> CompareAsync(QueryCase query, IReadOnlyList<Side> sides)
    {
        using var http = new HttpClient();
        string ours = await AskAsync(http, query, sides[^1]);
        foreach (Side side in sides)
        {
            string other = await AskAsync(http, query, side);
            if (side.IsPeer ? PeerAnswer.Plain(other) != PeerAnswer.Plain(ours) : other != ours)
                throw new InvalidOperationException($"The responses to {query.Name} differ.\n{side.Name}: {other}\nOurs: {ours}");
        }
        return Encoding.UTF8.GetByteCount(ours);
    }

    private static async Task<string> AskAsync(HttpClient http, QueryCase query, Side side)
    {
        using var content = new StringContent(side.Body(query), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(side.Address(query), content);
        return await answer.Content.ReadAsStringAsync();
    }
}
