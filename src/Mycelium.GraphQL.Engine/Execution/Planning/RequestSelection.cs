using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A planned field with the arguments of one request.</summary>
internal sealed class RequestSelection(RequestState request, FieldPlan plan) : Selection
{
    private readonly Dictionary<ObjectType, RequestSelection[]> below = [];

    public override string ResponseName => plan.ResponseName;
    public override FieldDefinition Field => plan.Field;
    public override object CacheKey => plan;
    public override IReadOnlyDictionary<string, object?> Arguments => request.ArgumentsOf(plan).Values;

    public override IReadOnlyList<Selection> SelectionsFor(ObjectType type)
    {
        lock (below)
        {
            if (!below.TryGetValue(type, out RequestSelection[]? selections))
            {
                selections = [.. plan.SetFor(type).AllFields.Select(field => new RequestSelection(request, field))];
                below.Add(type, selections);
            }
            return selections;
        }
    }
}
