using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>Keeps the keys that protect bearer tokens where every replica reads them, so that a token given by one is good at all.</summary>
internal sealed class PostgresXmlRepository(NpgsqlDataSource database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var keys = new List<XElement>();
        using NpgsqlCommand select = database.CreateCommand("SELECT xml FROM data_protection_keys ORDER BY id");
        using NpgsqlDataReader rows = select.ExecuteReader();
        while (rows.Read())
            keys.Add(XElement.Parse(rows.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using NpgsqlCommand insert = database.CreateCommand("INSERT INTO data_protection_keys (friendly_name, xml) VALUES ($1, $2)");
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = friendlyName });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = element.ToString(SaveOptions.DisableFormatting) });
        insert.ExecuteNonQuery();
    }
}
