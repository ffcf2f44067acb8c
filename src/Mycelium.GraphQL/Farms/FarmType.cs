using Mycelium.Domain.Farms;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Farms;

/// <summary>What the schema shows of a farm. Which account owns it is the farmer's business.</summary>
[ObjectType<Farm>]
[ExtendObjectType<Farm>(IgnoreProperties = [nameof(Farm.OwnerId)])]
public static class FarmType
{
    [NodeResolver]
    public static Task<Farm?> Get(FarmId id, FarmByIdDataLoader farms) => farms.LoadAsync(id);

    /// <summary>The farm's id on the grid: a number, for people and for other tools of the grid.</summary>
    [BindMember(nameof(Farm.Id))]
    [CacheControl(InheritMaxAge = true)]
    public static long GetGridId([Parent(nameof(Farm.Id))] Farm farm) => farm.Id.Value;
}
