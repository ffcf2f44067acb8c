using System.Reflection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The properties of one type, and of the single objects below it, that a selection reads.</summary>
internal sealed class ProjectedMembers
{
    /// <summary>Read completely.</summary>
    public HashSet<PropertyInfo> Values { get; } = [];

    /// <summary>Single objects that are read in part.</summary>
    public Dictionary<PropertyInfo, ProjectedMembers> Objects { get; } = [];

    /// <summary>Something reads the object without saying which properties: all its own values are needed.</summary>
    public bool IsWhole { get; private set; }

    public void ReadWhole() => IsWhole = true;

    public static ProjectedMembers Of(Type type, IEnumerable<Selection> items)
    {
        var members = new ProjectedMembers();
        foreach (Selection item in items)
            members.AddItem(type, item);
        return members;
    }

    private void AddItem(Type type, Selection item)
    {
        if (ItemKeys.Find(type) is { } key)
            Values.Add(key);
        if (item.Field.Type.Named is not ObjectType shown)
        {
            IsWhole = true; // An interface or a union: which fields are read depends on the item.
            return;
        }
        foreach (Selection selection in item.SelectionsFor(shown))
            Add(selection);
    }

    private void Add(Selection selection)
    {
        FieldDefinition field = selection.Field;
        // What the field shows is fetched along with its parent. The resolver finds it there, or looks it up by what it requires.
        if (field.Loaded is { } loaded)
            Below(loaded.Property).AddItem(loaded.Property.PropertyType, selection);
        if (field is not { Loaded: not null, Type.IsNonNull: true })
        {
            foreach (PropertyInfo required in field.Requires)
                Add(required);
        }
        if (field.Member is { } member)
        {
            if (field.Type.Nullable is ObjectType && IsConstructible(member.PropertyType))
                Below(member).AddItem(member.PropertyType, selection);
            else
                Add(member);
        }
        else if (field.Requires.Count == 0 && !field.Name.StartsWith("__", StringComparison.Ordinal))
        {
            IsWhole = true;
        }
    }

    /// <summary>A property computed in C# reads others that are not declared.</summary>
    private void Add(PropertyInfo property)
    {
        if (property.CanWrite)
            Values.Add(property);
        else
            IsWhole = true;
    }

    private ProjectedMembers Below(PropertyInfo property)
    {
        if (!Objects.TryGetValue(property, out ProjectedMembers? below))
            Objects.Add(property, below = new ProjectedMembers());
        return below;
    }

    public static bool IsConstructible(Type type) => type is { IsClass: true, IsAbstract: false } && Constructor(type) is not null;

    public static ConstructorInfo? Constructor(Type type) => type.GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, []);
}
