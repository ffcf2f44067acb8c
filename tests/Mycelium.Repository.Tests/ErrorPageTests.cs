using System.Reflection;
using System.Text.RegularExpressions;
using Mycelium.Domain;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.Errors;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>Whoever meets a code finds it in docs/errors.md, at an anchor that is the code; and nothing is explained there that nobody can meet.</summary>
public sealed partial class ErrorPageTests
{
    private static readonly string page = File.ReadAllText(Testing.RepositoryRoot.Combine("docs", "errors.md"));
    private static readonly Type closeReason = typeof(ErrorCodes).Assembly.GetType("Mycelium.GraphQL.Engine.Transport.Sockets.CloseReason", throwOnError: true)!;

    [Fact]
    public void Every_code_of_an_error_has_its_section_and_no_section_is_orphaned() =>
        Assert.Equal(
            typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
            Sections("Errors").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_code_of_a_refusal_has_its_section_and_no_section_is_orphaned() =>
        Assert.Equal(
            Enum.GetNames<ProblemCode>().Select(name => InnerCapital().Replace(name, "_$0").ToUpperInvariant()).Order(StringComparer.Ordinal),
            Sections("Refusals").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_code_of_accounts_alone_has_its_section_and_no_section_is_orphaned() =>
        Assert.Equal(
            typeof(AccountCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
            Sections("Accounts").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_closing_of_a_socket_has_its_section_with_its_reason()
    {
        (int Code, string Text)[] reasons = [.. Reasons().Where(reason => reason.Text.Length > 0)]; // Without a reason: nobody is there to be told, or the client has closed.

        Assert.Equal(reasons.Select(reason => $"{reason.Code}").Distinct().Order(), Sections("Socket closings").Order());
        Findings.AssertNone(
            from reason in reasons
            where !SectionOf($"{reason.Code}").Contains($"`{reason.Text}", StringComparison.Ordinal)
            select $"docs/errors.md#{reason.Code} does not tell of `{reason.Text}`.");
    }

    [Theory]
    [InlineData("subscriptions.md")]
    [InlineData("transport.md")]
    public void Every_code_that_closes_a_socket_is_in_the_table_of(string name)
    {
        string table = File.ReadAllText(Testing.RepositoryRoot.Combine("docs", name));

        Findings.AssertNone(
            Reasons().Where(reason => reason.Text.Length > 0).Select(reason => reason.Code).Distinct()
                .Where(code => !table.Contains($"\n| {code} ", StringComparison.Ordinal)).Select(code => $"docs/{name} has no row for {code}."));
    }

    [Fact]
    public void Every_section_has_an_example_or_a_reason() =>
        Findings.AssertNone(
            from name in Sections("Errors").Concat(Sections("Refusals")).Concat(Sections("Accounts"))
            where !Regex.IsMatch(SectionOf(name), $"```json\n[^`]*\"{name}\"")
            select $"docs/errors.md#{name.ToLowerInvariant()} shows no answer with its code.");

    [Fact]
    public void Every_status_that_refuses_is_in_the_table()
    {
        string[] used =
        [
            .. RepositoryFiles.Sources(".cs").SelectMany(file => Status().Matches(file.Text)).Select(match => match.Groups["status"].Value).Distinct().Order(StringComparer.Ordinal),
        ];

        Assert.True(used.Length >= 8, "Fewer statuses than there were: are they read as they should be?");
        Findings.AssertNone(used.Where(status => !page.Contains($"\n| {status} |", StringComparison.Ordinal)).Select(status => $"docs/errors.md does not tell of {status}."));
    }

    [Fact]
    public void Every_bound_has_its_name_in_the_table()
    {
        string[] names = [.. RepositoryFiles.Sources(".cs").SelectMany(file => BoundName().Matches(file.Text)).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal)];

        Assert.True(names.Length >= 15, $"Fewer bounds than there were: are they read as they should be? {string.Join(' ', names)}");
        Findings.AssertNone(names.Where(name => !SectionOf("LIMIT_EXCEEDED").Contains($"`{name}`", StringComparison.Ordinal)).Select(name => $"docs/errors.md#limit_exceeded does not tell of {name}."));
    }

    /// <summary>The name stands before the bound's value: <c>"pageSize", MaxPageSize)</c>.</summary>
    [GeneratedRegex("""(OverLimit|Exceeded|Refusal)\([^;]*?, "(?<name>[A-Za-z.]+)", |Stop\("(?<name>[A-Za-z]+)", |OverLimit\([^;]*?nameof\(GraphQLTransportOptions\.(?<name>\w+)\)""")]
    private static partial Regex BoundName();

    private static IEnumerable<(int Code, string Text)> Reasons()
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.Static;
        IEnumerable<object> constants = closeReason.GetFields(all).Where(field => field.FieldType == closeReason).Select(field => field.GetValue(null)!);
        IEnumerable<object> made = closeReason.GetMethods(all).Where(method => method.ReturnType == closeReason && !method.IsSpecialName)
            .Select(method => method.Invoke(null, [.. method.GetParameters().Select(parameter => Sample(parameter.ParameterType))])!);
        return constants.Concat(made).Select(reason => (
            (int)closeReason.GetProperty("Code")!.GetValue(reason)!,
            ((string)closeReason.GetProperty("Text")!.GetValue(reason)!).Replace("0", "…", StringComparison.Ordinal)));
    }

    /// <summary>What the page writes for what differs from case to case.</summary>
    private static object Sample(Type type) => type == typeof(string) ? "…" : Activator.CreateInstance(type)!;

    private static IEnumerable<string> Sections(string chapter)
    {
        string[] chapters = page.Split("\n## ");
        return Heading().Matches(chapters.Single(text => text.StartsWith(chapter + "\n", StringComparison.Ordinal))).Select(match => match.Groups["name"].Value);
    }

    private static string SectionOf(string name) => page.Split("\n### ").Single(text => text.StartsWith(name + "\n", StringComparison.Ordinal));

    [GeneratedRegex("^### (?<name>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex InnerCapital();

    [GeneratedRegex(@"StatusCodes\.Status(?<status>[45]\d\d)")]
    private static partial Regex Status();
}
