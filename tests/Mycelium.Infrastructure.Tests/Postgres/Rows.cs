using Mycelium.Domain.Provisioning;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>Rows as the application reads them.</summary>
internal static class Rows
{
    public static Machine Machine(string json) => RowJson.Read<Machine>(json);
}
