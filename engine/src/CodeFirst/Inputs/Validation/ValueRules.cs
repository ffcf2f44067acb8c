using System.Collections;
using System.ComponentModel.DataAnnotations;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>The rules of one argument or input field: its own attributes, and those below it.</summary>
/// <param name="Name">In the schema.</param>
/// <param name="IsOptional">An <see cref="Optional{T}"/>: its rules only apply when it is given.</param>
/// <param name="Below">The rules of the input object, or of those in the list; null for any other value.</param>
internal sealed record ValueRules(string Name, bool IsOptional, ValidationAttribute[] Attributes, ObjectRules? Below)
{
    public bool Demands(HashSet<ObjectRules> seen) => Attributes.Length > 0 || (Below?.Demands(seen) ?? false);

    public void Check(object? value, object owner, ResponsePath path, InputCheck check)
    {
        check.Check(Attributes, value, owner, Name, path);
        Descend(value, path, check);
    }

    private void Descend(object? value, ResponsePath path, InputCheck check)
    {
        if (Below is null || value is null || check.IsFull)
            return;
        if (value is not IEnumerable items)
        {
            Below.Check(value, path, check);
            return;
        }
        int index = 0;
        foreach (object? item in items)
            Descend(item, path.Append(index++), check);
    }
}

/// <summary>The rules of the fields of an input object.</summary>
internal sealed class ObjectRules
{
    private readonly List<(ValueRules Rules, Func<object, object?> Read)> members = [];
    private (ValueRules Rules, Func<object, object?> Read)[]? demanding;

    public void Add(ValueRules rules, Func<object, object?> read) => members.Add((rules, read));

    /// <param name="seen">Input types may refer to each other in cycles.</param>
    public bool Demands(HashSet<ObjectRules> seen) => seen.Add(this) && members.Exists(member => member.Rules.Demands(seen));

    public void Check(object input, ResponsePath path, InputCheck check)
    {
        foreach ((ValueRules rules, Func<object, object?> read) in demanding ??= [.. members.Where(member => member.Rules.Demands([]))])
        {
            object? value = read(input);
            if (value != InputValueDefinition.Absent)
                rules.Check(value, input, path.Append(rules.Name), check);
        }
    }
}
