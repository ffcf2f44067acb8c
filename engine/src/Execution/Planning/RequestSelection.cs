using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A planned field with the arguments of one request.</summary>
internal sealed class RequestSelection(RequestState request, FieldPlan plan) : Selection
{
    private readonly Lock gate = new();
    private Dictionary<ObjectType, RequestSelection[]>? below;

    public override string ResponseName => plan.ResponseName;
    public override FieldDefinition Field => plan.Field;
    public override object CacheKey => plan;
    public override IReadOnlyDictionary<string, object?> Arguments => request.ArgumentsOf(plan).Values;

    public override IReadOnlyList<Selection> SelectionsFor(ObjectType type)
    {
        lock (gate)
        {
            below ??= [];
            if (!below.TryGetValue(type, out RequestSelection[]? selections))
            {
                selections = [.. plan.SetFor(type).AllFields.Select(field => new RequestSelection(request, field))];
                below.Add(type, selections);
            }
            return selections;
        }
    }

    /// <summary>
    /// The one selection below this one whose object needs it immediately and whose field has this name; null when there is none, or several.
    /// </summary>
    public RequestSelection? Only(ObjectType type, string field)
    {
        RequestSelection? only = null;
        foreach (PlannedField planned in plan.SetFor(type).Fields)
        {
            if (planned.Plan.Field.Name != field)
                continue;
            if (only is not null)
                return null;
            only = new RequestSelection(request, planned.Plan);
        }
        return only;
    }
}
