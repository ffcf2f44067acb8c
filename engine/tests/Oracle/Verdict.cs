using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>The verdict of one of the two implementations on a document.</summary>
/// <param name="Message">Of the syntax error, or of the validation errors.</param>
/// <param name="Printed">The printed document; null when it does not parse.</param>
/// <param name="Rules">Names of the rules that it breaks, as graphql-js calls them, sorted; null when it was not validated.</param>
internal sealed record Verdict(bool Parses, string? Message, string? Printed, IReadOnlyList<string>? Rules)
{
    private static readonly ParserOptions ParserLimits = ParserOptions.Trusted;
    private static readonly ValidationOptions ValidationLimits = new()
    {
        MaxErrors = 100_000,
        MaxDirectives = int.MaxValue,
        MaxIntrospectionListDepth = int.MaxValue,
        MaxIntrospectionOfTypeDepth = int.MaxValue,
    };

    /// <summary>Headings of the specification whose rules are broken in our implementation; empty for verdicts of graphql-js.</summary>
    public IReadOnlyList<string> Sections { get; private init; } = [];

    /// <summary>Our verdict on a document that is parsed and printed.</summary>
    public static Verdict Parse(string text) => Parse(text, out _);

    /// <summary>Our verdict on a document that is also validated, with all rules except the one with this heading, if any.</summary>
    public static Verdict Validate(Schema schema, string text, string? without = null)
    {
        Verdict parsed = Parse(text, out DocumentNode? document);
        if (document is null)
            return parsed;
        IReadOnlyList<GraphQLError> errors = DocumentValidator.Validate(schema, document, ValidationLimits, rule => rule.Section != without);
        return parsed with
        {
            Rules = RuleNames.Of(errors),
            Message = string.Join("; ", errors.Select(error => error.Message)),
            Sections = [.. errors.Select(RuleNames.SectionOf).Distinct()],
        };
    }

    public bool AgreesWith(Verdict other) => Parses == other.Parses && Printed == other.Printed && (Rules ?? []).SequenceEqual(other.Rules ?? []);

    public static string Describe(string document, Verdict ours, Verdict theirs) => $"""
        ---------- {document}
        ---------- ours:   {Describe(ours, theirs)}
        ---------- theirs: {Describe(theirs, ours)}
        """;

    private static string Describe(Verdict one, Verdict other) =>
        $"parses {one.Parses}, {string.Join(' ', one.Rules ?? [])} {one.Message} {(one.Printed == other.Printed ? "" : one.Printed)}";

    private static Verdict Parse(string text, out DocumentNode? document)
    {
        try
        {
            document = Parser.ParseDocument(text, ParserLimits);
            return new Verdict(true, null, Printer.Print(document), null);
        }
        catch (GraphQLSyntaxException syntax)
        {
            document = null;
            return new Verdict(false, syntax.Message, null, null);
        }
    }
}
