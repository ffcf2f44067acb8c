using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>Writes random documents for a schema: mostly valid, or with <see cref="Fault"/>s. The same random numbers give the same document.</summary>
internal sealed class DocumentGenerator(Schema schema, Random random)
{
    private const int DepthMax = 4;
    private const double FaultRate = 0.35;

    private readonly List<string> definitions = [];
    private readonly Dictionary<string, string> fragmentConditions = [];
    private readonly HashSet<Fault> faults = [];
    private ValueGenerator values = null!;
    private int counter;
    private int budget;

    public string Generate(params IEnumerable<Fault> wanted)
    {
        definitions.Clear();
        fragmentConditions.Clear();
        faults.Clear();
        faults.UnionWith(wanted);
        counter = 0;
        budget = 40;
        int operations = Chance(0.85) && !Has(Fault.DuplicateOperationName) && !Has(Fault.AnonymousWithOthers) ? 1 : random.Next(2, 4);
        values = new ValueGenerator(random, Inject) { MayUseVariables = operations == 1 };
        for (int index = 0; index < operations; index++)
            definitions.Add(Operation(index, operations));
        AddFaultyDefinitions();
        random.Shuffle(CollectionsMarshal.AsSpan(definitions));
        return string.Join(Chance(0.5) ? "\n" : "\r\n# next {\n", definitions);
    }

    private bool Has(Fault fault) => faults.Contains(fault);

    private bool Inject(Fault fault) => Has(fault) && Chance(FaultRate);

    private bool Chance(double rate) => random.NextDouble() < rate;

    private T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private string Gap() => random.Next(20) switch
    {
        0 => "\n\t",
        1 => ", ",
        2 => " # a comment, with \"quotes\" {\n",
        3 => "\uFEFF ",
        _ => " ",
    };

    private string Operation(int index, int operations)
    {
        OperationType[] types = [.. Enum.GetValues<OperationType>().Where(type => schema.RootType(type) is not null || Chance(0.1))];
        OperationType type = Has(Fault.SecondSubscriptionField) || Has(Fault.IntrospectionSubscription) || Has(Fault.ConditionalSubscription)
            ? OperationType.Subscription
            : Pick(types);
        ObjectType root = schema.RootType(type) ?? schema.QueryType;
        values.Variables.Clear();
        string selections = Selections(root, depth: 0, isSubscriptionRoot: type == OperationType.Subscription);
        string directives = Directives(type switch
        {
            OperationType.Query => "QUERY",
            OperationType.Mutation => "MUTATION",
            _ => "SUBSCRIPTION",
        });
        AddVariableFaults();

        bool isNamed = operations > 1 ? !(index == 0 && Has(Fault.AnonymousWithOthers)) : Chance(0.6);
        string name = !isNamed ? "" : Has(Fault.DuplicateOperationName) ? "Same" : string.Create(CultureInfo.InvariantCulture, $"Operation{index}");
        if (type == OperationType.Query && name.Length == 0 && directives.Length == 0 && values.Variables.Count == 0)
            return selections;
        string variables = values.Variables.Count == 0 ? "" : $"({string.Join(Gap(), values.Variables.Select(VariableDefinition))})";
        string keyword = type.ToString().ToLowerInvariant();
        return $"{Description()}{keyword} {name}{variables}{directives}{Gap()}{selections}";
    }

    private string Description() => random.Next(12) switch
    {
        0 => "\"What it is for.\" ",
        1 => "\"\"\"\n  Two lines,\n    one indented.\n  \"\"\"\n",
        _ => "",
    };

    private string VariableDefinition(GeneratedVariable variable) =>
        $"{(Chance(0.05) ? "\"A variable.\" " : "")}${variable.Name}:{Gap()}{variable.Type}"
        + $"{(variable.Default is null ? "" : $" = {variable.Default}")}{(Chance(0.05) ? " @once" : "")}";

    private void AddVariableFaults()
    {
        if (Inject(Fault.UnusedVariable))
            values.Variables.Add(new GeneratedVariable("unused", "Int", null));
        if (Inject(Fault.OutputVariable))
            values.Variables.Add(new GeneratedVariable("output", Pick(["Farm", "[Owner]", "Nowhere!", "Located"]), null));
        if (Inject(Fault.DuplicateVariable))
            values.Variables.Add(values.Variables.Count > 0 ? Pick(values.Variables) : new GeneratedVariable("twice", "Int", "1"));
    }

    private string Selections(NamedType type, int depth, bool isSubscriptionRoot = false)
    {
        var text = new StringBuilder("{");
        int count = isSubscriptionRoot ? (Inject(Fault.SecondSubscriptionField) ? 2 : 1) : random.Next(1, 5);
        for (int index = 0; index < count; index++)
            text.Append(Gap()).Append(Selection(type, depth, isSubscriptionRoot));
        if (isSubscriptionRoot && Inject(Fault.IntrospectionSubscription))
            text.Append(" __typename");
        return text.Append(Gap()).Append('}').ToString();
    }

    private string Selection(NamedType type, int depth, bool isSubscriptionRoot)
    {
        if (budget-- > 0 && depth < DepthMax)
        {
            if (Inject(Fault.UnknownFragment))
                return "...Nowhere";
            if (Chance(0.12))
                return InlineFragment(type, depth, isSubscriptionRoot);
            if (Chance(0.1))
                return Spread(type, depth, isSubscriptionRoot);
        }
        return Field(type, depth, isSubscriptionRoot);
    }

    private NamedType Condition(NamedType type)
    {
        if (Inject(Fault.ImpossibleSpread))
            return Pick([.. schema.Types.OfType<ObjectType>().Where(candidate => !candidate.IsBuiltIn)]);
        return Pick([.. schema.Types.Where(candidate => !candidate.IsBuiltIn && schema.PossibleTypes(candidate).Intersect(schema.PossibleTypes(type)).Any())]);
    }

    private string ConditionName(NamedType condition)
    {
        if (Inject(Fault.UnknownType))
            return "Nowhere";
        return Inject(Fault.FragmentOnInput) ? Pick(["NodeFilter", "Int", "Direction", "Blob"]) : condition.Name;
    }

    private string InlineFragment(NamedType type, int depth, bool isSubscriptionRoot)
    {
        bool isPlain = Chance(0.3);
        NamedType condition = isPlain || isSubscriptionRoot ? type : Condition(type);
        string on = isPlain ? "" : $" on {ConditionName(condition)}";
        return $"...{on}{Conditional(isSubscriptionRoot)}{Directives("INLINE_FRAGMENT", isSubscriptionRoot)}"
            + $" {Selections(condition, depth + 1, isSubscriptionRoot)}";
    }

    private string Spread(NamedType type, int depth, bool isSubscriptionRoot)
    {
        string[] reusable = [.. fragmentConditions.Where(known => known.Value == type.Name).Select(known => known.Key)];
        if (reusable.Length > 0 && !isSubscriptionRoot && Chance(0.4))
            return $"...{Pick(reusable)}";
        NamedType condition = isSubscriptionRoot ? type : Condition(type);
        string name = string.Create(CultureInfo.InvariantCulture, $"Fragment{counter++}");
        string selections = Selections(condition, depth + 1, isSubscriptionRoot);
        if (Inject(Fault.FragmentCycle))
            selections = $"{selections[..^1]} ...{(fragmentConditions.Count > 0 && Chance(0.5) ? Pick([.. fragmentConditions.Keys]) : name)} }}";
        definitions.Add($"{Description()}fragment {name} on {ConditionName(condition)}{Directives("FRAGMENT_DEFINITION")} {selections}");
        fragmentConditions[name] = condition.Name;
        return $"...{name}{Conditional(isSubscriptionRoot)}{Directives("FRAGMENT_SPREAD", isSubscriptionRoot)}";
    }

    private string Field(NamedType type, int depth, bool isSubscriptionRoot)
    {
        if (Inject(Fault.UnknownField))
            return Pick(["nowhere", "nme", "__schema", "__type"]) + (Chance(0.3) ? " { __typename }" : "");
        if (!isSubscriptionRoot && (type is UnionType || Chance(0.05)))
            return "__typename"; // Never with an alias: graphql-js does not compare the types of introspection fields, the specification does.
        FieldDefinition[] fields = [.. ((ComplexType)type).Fields.Where(field => depth < DepthMax || IsLeaf(field))];
        if (fields.Length == 0)
            return "__typename";
        FieldDefinition field = Pick(fields);

        string arguments = Arguments(field.Arguments);
        string alias = Has(Fault.OverlappingFields) ? Pick(["", "", "", "size: "])
            : Inject(Fault.ConflictingFields) ? Pick(["one: ", "two: ", "name: "])
            : arguments.Length > 0 || Chance(0.1) ? string.Create(CultureInfo.InvariantCulture, $"{field.Name}{counter++}: ")
            : "";
        return $"{alias}{field.Name}{arguments}{Conditional(isSubscriptionRoot)}{Directives("FIELD", isSubscriptionRoot)}{SubSelections(field, depth)}";
    }

    private string SubSelections(FieldDefinition field, int depth)
    {
        if (IsLeaf(field))
            return Inject(Fault.LeafWithSelection) ? " { __typename }" : "";
        return Inject(Fault.CompositeWithoutSelection) ? "" : " " + Selections(field.Type.Named, depth + 1);
    }

    private static bool IsLeaf(FieldDefinition field) => field.Type.Named is ScalarType or EnumType;

    private string Arguments(IReadOnlyList<InputValueDefinition> definitions)
    {
        var given = new List<string>();
        foreach (InputValueDefinition definition in definitions)
        {
            if (definition.IsRequired ? !Inject(Fault.MissingArgument) : Chance(Has(Fault.OverlappingFields) ? 0.05 : 0.35))
                given.Add($"{definition.Name}: {values.ForPlace(definition)}");
        }
        if (Inject(Fault.UnknownArgument))
            given.Add("nowhere: 1");
        if (given.Count > 0 && Inject(Fault.DuplicateArgument))
            given.Add(Pick(given));
        return given.Count == 0 ? "" : $"({string.Join(Gap(), given)})";
    }

    private string Conditional(bool isSubscriptionRoot)
    {
        if (isSubscriptionRoot && !Inject(Fault.ConditionalSubscription))
            return "";
        return Chance(0.1) || isSubscriptionRoot ? Pick([" @include(if: true)", " @skip(if: false)", " @include(if: false)", " @skip(if: true)"]) : "";
    }

    private string Directives(string location, bool isSubscriptionRoot = false)
    {
        var given = new List<string>();
        DirectiveDefinition[] possible = [.. schema.Directives.Where(directive => !directive.IsBuiltIn && directive.Locations.Contains(location))];
        if (possible.Length > 0 && Chance(0.12))
        {
            DirectiveDefinition directive = Pick(possible);
            given.Add($"@{directive.Name}{Arguments(directive.Arguments)}");
        }
        if (Inject(Fault.UnknownDirective))
            given.Add("@nowhere(a: 1)");
        if (Inject(Fault.MisplacedDirective))
            given.Add(location == "FIELD" ? "@onQuery(count: 1)" : "@onField");
        if (Inject(Fault.DuplicateDirective))
            given.AddRange(isSubscriptionRoot ? ["@once", "@once"] : Pick<string[]>([["@once", "@once"], ["@tag(name: \"a\")", "@tag(name: \"b\")"]]));
        return string.Concat(given.Select(directive => " " + directive));
    }

    private void AddFaultyDefinitions()
    {
        if (Has(Fault.TypeDefinition))
            definitions.Add(Pick(["type Added { a: Int }", "extend type Farm { b: Int }", "directive @added on FIELD", "scalar AddedScalar"]));
        if (Has(Fault.UnusedFragment))
            definitions.Add("fragment Unused on Farm { id ...Unreached } fragment Unreached on Entity { name }");
        if (Has(Fault.DuplicateFragment) && fragmentConditions.Count > 0)
            definitions.Add($"fragment {Pick([.. fragmentConditions.Keys])} on Farm {{ id }}");
    }
}
