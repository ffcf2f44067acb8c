using System.Reflection;
using System.Text.RegularExpressions;
using Mycelium.Domain;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.Errors;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>docs/errors.md explains every code, with the code as its anchor, and explains no code that does not exist.</summary>
public sealed partial class ErrorPageTests
{
    private static readonly string page = File.ReadAllText(Testing.RepositoryRoot.Combine("docs", "errors.md"));
    private static readonly Type closeReason =
        typeof(ErrorCodes).Assembly.GetType("Mycelium.GraphQL.Engine.Transport.Sockets.CloseReason", throwOnError: true)!;

    [Fact]
    public void Every_code_of_an_error_has_its_section_and_no_section_is_orphaned() =>
        Assert.Equal(
            ConstantsOf(typeof(ErrorCodes)),
            Sections("Errors").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_code_of_a_refusal_has_its_section_and_no_section_is_orphaned() =>
        Assert.Equal(
            Enum.GetNames<ProblemCode>().Select(name => InnerCapital().Replace(name, "_$0").ToUpperInvariant()).Order(StringComparer.Ordinal),
            Sections("Refusals").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_code_that_only_accounts_use_has_its_section_and_no_section_is_orphaned() =>
        Assert.Equal(
            ConstantsOf(typeof(AccountCodes)),
            Sections("Accounts").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_close_code_of_a_socket_has_its_section_with_its_reason()
    {
        // A close code without a text is sent when the client has closed the socket or is no longer there.
        (int Code, string Text)[] reasons = [.. Reasons().Where(reason => reason.Text.Length > 0)];

        Assert.Equal(reasons.Select(reason => $"{reason.Code}").Distinct().Order(), Sections("Socket closings").Order());
        Findings.AssertNone(
            from reason in reasons
            where !SectionOf($"{reason.Code}").Contains($"`{reason.Text}", StringComparison.Ordinal)
            select $"docs/errors.md#{reason.Code} does not mention `{reason.Text}`.");
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
    public void Every_section_has_an_example() =>
        Findings.AssertNone(
            from name in Sections("Errors").Concat(Sections("Refusals")).Concat(Sections("Accounts"))
            where !Regex.IsMatch(SectionOf(name), $"```json\n(?:(?!```)[\\s\\S])*\"{name}\"")
            select $"docs/errors.md#{name.ToLowerInvariant()} shows no response with its code.");

    [Fact]
    public void Every_status_that_refuses_is_in_the_table()
    {
        string[] used =
        [
            .. RepositoryFiles.Sources(".cs")
                .SelectMany(file => Status().Matches(file.Text))
                .Select(match => match.Groups["status"].Value)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

        Assert.True(used.Length >= 8, "Fewer statuses than there were: does the pattern still match?");
        Findings.AssertNone(used
            .Where(status => !page.Contains($"\n| {status} |", StringComparison.Ordinal))
            .Select(status => $"docs/errors.md does not mention {status}."));
    }

    [Fact]
    public void Every_limit_has_its_name_in_the_table()
    {
        string[] names =
        [
            .. RepositoryFiles.Sources(".cs")
                .SelectMany(file => LimitName().Matches(file.Text))
                .Select(match => match.Groups["name"].Value)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

        Assert.True(names.Length >= 15, $"Fewer limits than there were: does the pattern still match? {string.Join(' ', names)}");
        Findings.AssertNone(names
            .Where(name => !SectionOf("LIMIT_EXCEEDED").Contains($"`{name}`", StringComparison.Ordinal))
            .Select(name => $"docs/errors.md#limit_exceeded does not mention {name}."));
    }

    /// <summary>The name is before the limit's value: <c>"pageSize", MaxPageSize)</c>.</summary>
    [GeneratedRegex(
        """(OverLimit|Exceeded|Refusal)\([^;]*?, "(?<name>[A-Za-z.]+)", |Stop\("(?<name>[A-Za-z]+)", """
        + """|OverLimit\([^;]*?nameof\(GraphQLTransportOptions\.(?<name>\w+)\)""")]
    private static partial Regex LimitName();

    private static IEnumerable<string> ConstantsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal);

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

    /// <summary>What the page writes in place of the parts that vary.</summary>
    private static object Sample(Type type) => type == typeof(string) ? "…" : Activator.CreateInstance(type)!;

    private static IEnumerable<string> Sections(string chapter)
    {
        string[] chapters = page.Split("\n## ");
        string text = chapters.Single(part => part.StartsWith(chapter + "\n", StringComparison.Ordinal));
        return Heading().Matches(text).Select(match => match.Groups["name"].Value);
    }

    private static string SectionOf(string name) => page.Split("\n### ").Single(text => text.StartsWith(name + "\n", StringComparison.Ordinal));

    [GeneratedRegex("^### (?<name>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex InnerCapital();

    [GeneratedRegex(@"StatusCodes\.Status(?<status>[45]\d\d)")]
    private static partial Regex Status();
}
