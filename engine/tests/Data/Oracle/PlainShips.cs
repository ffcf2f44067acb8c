using System.Text;

namespace Mycelium.GraphQL.Engine.Tests.Data;

/// <summary>Ships as plain values with the names of the schema: what the oracle reads, independently of the engine.</summary>
internal static class PlainShips
{
    public static Dictionary<string, object?> Of(Ship ship) => new()
    {
        ["id"] = IdOf(ship),
        ["name"] = ship.Name,
        ["flag"] = ship.Flag,
        ["crew"] = (long)ship.Crew,
        ["tonnage"] = ship.Tonnage,
        ["draught"] = ship.Draught,
        ["fee"] = ship.Fee.Value / 100m,
        ["discount"] = ship.Discount?.Value / 100m,
        ["builtAt"] = ship.BuiltAt,
        ["lastSeenAt"] = ship.LastSeenAt,
        ["kind"] = ship.Kind,
        ["formerKind"] = ship.FormerKind,
        ["isArmed"] = ship.IsArmed,
        ["serial"] = ship.Serial,
        ["tags"] = ship.Tags.ToList<object?>(),
        ["berth"] = ship.Berth is not { } berth ? null : new Dictionary<string, object?>
        {
            ["name"] = berth.Name,
            ["depth"] = (long)berth.Depth,
            ["port"] = berth.Port is not { } port ? null : new Dictionary<string, object?> { ["city"] = port.City, ["isOpen"] = port.IsOpen },
        },
        ["cargos"] = ship.Cargos.ConvertAll<object?>(cargo => new Dictionary<string, object?> { ["goods"] = cargo.Goods, ["weight"] = (long?)cargo.Weight }),
    };

    public static string IdOf(Ship ship) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"Ship:{ship.Id.Value}"));
}
