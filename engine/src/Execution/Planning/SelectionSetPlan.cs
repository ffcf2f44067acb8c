using System.Text;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The fields that an object of one type shows, in response order.</summary>
internal sealed class SelectionSetPlan
{
    public SelectionSetPlan(ObjectType type, FieldPlan[] fields, DeferredFields? deferred = null)
    {
        Type = type;
        Deferred = deferred;
        EncodedTypeName = Encoding.UTF8.GetBytes($"\"{type.Name}\"");
        Fields = new PlannedField[fields.Length];
        var slotFields = new List<FieldPlan>();
        for (int i = 0; i < fields.Length; i++)
        {
            Fields[i] = new PlannedField(fields[i], fields[i].NeedsSlot ? slotFields.Count : -1);
            if (fields[i].NeedsSlot)
                slotFields.Add(fields[i]);
        }
        SlotFields = [.. slotFields];
    }

    public ObjectType Type { get; }

    /// <summary>The value of <c>__typename</c> as JSON.</summary>
    public byte[] EncodedTypeName { get; }

    public PlannedField[] Fields { get; }

    /// <summary>The fields that are resolved before anything is written, each with its slot.</summary>
    public FieldPlan[] SlotFields { get; }

    /// <summary>Everything selected, now or later: what a resolver above has to make available.</summary>
    public IEnumerable<FieldPlan> AllFields => Fields.Select(planned => planned.Plan).Concat(Deferred?.Groups.SelectMany(group => group.Set.AllFields) ?? []);

    /// <summary>What the object delivers later; null in nearly all plans.</summary>
    public DeferredFields? Deferred { get; }

    /// <summary>Everything down to the leaves can be read from the object while it is written.</summary>
    public bool IsPure => SlotFields.Length == 0 && Deferred is null;
}

/// <param name="Slot">The field's slot among the object's; -1 when it is read while writing.</param>
internal readonly record struct PlannedField(FieldPlan Plan, int Slot);
