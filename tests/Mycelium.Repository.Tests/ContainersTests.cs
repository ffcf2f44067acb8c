using System.Text.RegularExpressions;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Repository.Tests;

/// <summary>
/// Every container in docker-compose.yml is confined: no new privileges, no capabilities, a read-only file system, limits on memory and
/// processes, and an explicit network.
/// </summary>
public sealed partial class ContainersTests
{
    private static readonly string[] required = ["read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "pids_limit:", "mem_limit:"];

    [Fact]
    public void Every_container_is_confined() => Findings.AssertNone(Unconfined(File.ReadAllText(RepositoryRoot.Combine("docker-compose.yml"))));

    [Fact]
    public void A_container_that_lacks_something_is_found() =>
        Assert.Equal(
            ["two lacks pids_limit:", "two lacks mem_limit:", "two lacks a network"],
            Unconfined("""
                x-confined: &confined
                  read_only: true
                  cap_drop: [ALL]
                  security_opt: ["no-new-privileges:true"]
                services:
                  one:
                    <<: *confined
                    pids_limit: 5
                    mem_limit: 1g
                    networks: [a]
                  two:
                    <<: *confined
                networks:
                  a:
                """));

    private static IEnumerable<string> Unconfined(string compose)
    {
        var templates = TemplateBlock().Matches(compose).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["body"].Value);
        string services = ServicesBlock().Match(compose).Groups["body"].Value;
        foreach (Match service in ServiceBlock().Matches(services))
        {
            string all = Whole(service.Groups["body"].Value, templates);
            foreach (string part in required.Where(part => !all.Contains(part, StringComparison.Ordinal)))
                yield return $"{service.Groups["name"].Value} lacks {part}";
            if (!all.Contains("networks:", StringComparison.Ordinal) && !all.Contains("network_mode: none", StringComparison.Ordinal))
                yield return $"{service.Groups["name"].Value} lacks a network";
        }
    }

    /// <summary>The body, including the templates that it merges.</summary>
    private static string Whole(string body, Dictionary<string, string> templates) =>
        body + string.Concat(Reference().Matches(body).Select(match => Whole(templates.GetValueOrDefault(match.Groups["name"].Value, ""), templates)));

    [GeneratedRegex(@"^x-[\w-]+: &(?<name>\w+)\n(?<body>(?:(?: .*)?\n)*)", RegexOptions.Multiline)]
    private static partial Regex TemplateBlock();

    [GeneratedRegex(@"^services:\n(?<body>(?:(?: .*)?\n)*)", RegexOptions.Multiline)]
    private static partial Regex ServicesBlock();

    [GeneratedRegex(@"^  (?<name>[\w-]+):(?<body>.*\n(?:(?:   .*)?\n)*)", RegexOptions.Multiline)]
    private static partial Regex ServiceBlock();

    [GeneratedRegex(@"(?:<<:|^) \*(?<name>\w+)")]
    private static partial Regex Reference();
}
