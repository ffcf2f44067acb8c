using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>Finds keys for tokens and quotes that a reader of the table or of a backup can use: stored without a certificate, and not revoked.</summary>
public static class OpenKeys
{
    /// <summary>The ids of such keys in this database; none where there is no table yet.</summary>
    public static async Task<IReadOnlyList<Guid>> FindAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT xml FROM data_protection_keys WHERE xml IS NOT NULL", connection);
        try
        {
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return Among(await reader.RowsAsync(row => row.GetString(0), cancellation).ConfigureAwait(false));
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return [];
        }
    }

    /// <param name="rows">The texts of the table: keys and revocations.</param>
    internal static IReadOnlyList<Guid> Among(IReadOnlyList<string> rows)
    {
        XElement[] elements = [.. rows.Select(Parse).OfType<XElement>()];
        HashSet<string?> revoked = [.. Revocations(elements).Select(revocation => (string?)revocation.Element("key")?.Attribute("id"))];
        DateTimeOffset allBefore = Revocations(elements)
            .Where(revocation => (string?)revocation.Element("key")?.Attribute("id") == "*")
            .Select(revocation => Date(revocation, "revocationDate")).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        return
        [
            .. from key in elements
               where key.Name.LocalName == "key" && key.Descendants().Any(part => part.Name.LocalName == "masterKey")
               where !revoked.Contains((string?)key.Attribute("id")) && Date(key, "creationDate") > allBefore
               select Guid.Parse((string)key.Attribute("id")!),
        ];
    }

    private static IEnumerable<XElement> Revocations(XElement[] elements) => elements.Where(element => element.Name.LocalName == "revocation");

    private static DateTimeOffset Date(XElement element, string name) =>
        DateTimeOffset.TryParse((string?)element.Element(name), CultureInfo.InvariantCulture, out DateTimeOffset date) ? date : DateTimeOffset.MaxValue;

    private static XElement? Parse(string text)
    {
        try
        {
            return XElement.Parse(text);
        }
        catch (XmlException)
        {
            return null; // Data protection does not read it either.
        }
    }
}
