using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>What the rules share while one document is validated: the position of the traversal, what it has seen, and the errors.</summary>
internal sealed class RuleContext
{
    private const string SpecificationUrl = "https://spec.graphql.org/September2025/#";

    /// <summary>Names and values come from the client and may be long; an error should be readable.</summary>
    private const int MessageLengthMax = 600;

    private readonly List<GraphQLError> errors = [];

    public RuleContext(Schema schema, DocumentNode document, ValidationOptions options)
    {
        Schema = schema;
        Document = document;
        Options = options;
        foreach (DefinitionNode definition in document.Definitions)
        {
            if (definition is FragmentDefinitionNode fragment)
                Fragments[fragment.Name] = fragment;
        }
        Usages = new DocumentUsages(this);
    }

    public Schema Schema { get; }
    public DocumentNode Document { get; }
    public ValidationOptions Options { get; }
    public IReadOnlyList<GraphQLError> Errors => errors;

    /// <summary>The document's fragments. Of two with the same name, which is an error of its own, the later one.</summary>
    public Dictionary<string, FragmentDefinitionNode> Fragments { get; } = new(StringComparer.Ordinal);

    /// <summary>Fragments and variables that each definition uses: complete after the traversal.</summary>
    public DocumentUsages Usages { get; }

    /// <summary>The object, interface or union that the visited selections are made on; null if unknown.</summary>
    public NamedType? ParentType { get; set; }

    /// <summary>The definition of the visited field; null if unknown.</summary>
    public FieldDefinition? Field { get; set; }

    /// <summary>The place of the visited value: an argument, or a variable with its dollar sign.</summary>
    public string Place { get; set; } = "";

    /// <summary>The object, interface or union that a fragment applies to.</summary>
    public NamedType? FindComposite(NamedTypeNode reference) => AsComposite(Schema.FindType(reference.Name));

    public static NamedType? AsComposite(NamedType? type) => type is ComplexType or UnionType ? type : null;

    /// <summary>" Did you mean …?" with the names nearest to a wrong one, or nothing.</summary>
    public string Suggest(string wrong, Func<IEnumerable<string>> names) => Options.HasSuggestions ? Suggestions.For(wrong, names()) : "";

    public void Report(string message, string section, IReadOnlyList<SourceLocation> locations)
    {
        if (errors.Count >= Options.MaxErrors)
            throw Stop("maxErrors", $"Too many validation errors, the first {Options.MaxErrors} are listed; validation stopped.", Options.MaxErrors);
        errors.Add(new GraphQLError(Shorten(message), ErrorCodes.ValidationFailed)
        {
            Locations = locations,
            Extensions = new Dictionary<string, object?>
            {
                ["specifiedBy"] = section.StartsWith("https:", StringComparison.Ordinal) ? section : SpecificationUrl + section,
            },
        });
    }

    /// <summary>Reports that a limit is reached; throw the returned exception.</summary>
    public ValidationStopped Stop(string limit, string message, int max, params IEnumerable<SyntaxNode> nodes)
    {
        errors.Add(GraphQLError.OverLimit(message, limit, max) with { Locations = [.. nodes.Select(node => node.Span.Location)] });
        return new ValidationStopped();
    }

    private static string Shorten(string message) => message.Length <= MessageLengthMax ? message : $"{message.AsSpan(0, MessageLengthMax)}…";
}
