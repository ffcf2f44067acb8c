using System.Text;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Provisioning;

/// <summary>The worked example of <c>docs/provisioner.md</c>, which whoever writes a provisioner checks its own code with.</summary>
public sealed class ProvisionerKeyTests
{
    private const string Secret = "a-shared-secret-of-32-characters";
    private const string Target = "/provisioner/machines/0193f5a0-0000-7000-8000-000000000001";
    private const string RequestBody = """{"version":1}""";
    private const string ResponseBody = """{"state":"CREATING"}""";
    private const long Timestamp = 1_767_225_600;

    [Fact]
    public void The_signatures_of_the_worked_example_are_those_in_the_document()
    {
        var key = new ProvisionerKey("mycelium", Encoding.UTF8.GetBytes(Secret));

        string request = key.SignRequest("PUT", Target, Timestamp, Encoding.UTF8.GetBytes(RequestBody));
        string response = key.SignResponse(request, 202, Timestamp + 1, Encoding.UTF8.GetBytes(ResponseBody));

        string page = File.ReadAllText(RepositoryRoot.Combine("docs", "provisioner.md"));
        Assert.Contains(Secret, page, StringComparison.Ordinal);
        Assert.Contains(Target, page, StringComparison.Ordinal);
        Assert.Contains(RequestBody, page, StringComparison.Ordinal);
        Assert.Contains(ResponseBody, page, StringComparison.Ordinal);
        Assert.Contains($"X-Mycelium-Signature: {request}", page, StringComparison.Ordinal);
        Assert.Contains($"X-Mycelium-Signature: {response}", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_part_of_a_message_changes_its_signature()
    {
        var key = new ProvisionerKey("mycelium", Encoding.UTF8.GetBytes(Secret));
        byte[] body = Encoding.UTF8.GetBytes(RequestBody);

        string[] signatures =
        [
            key.SignRequest("PUT", Target, Timestamp, body),
            key.SignRequest("DELETE", Target, Timestamp, body),
            key.SignRequest("PUT", Target + "?version=1", Timestamp, body),
            key.SignRequest("PUT", Target, Timestamp + 1, body),
            key.SignRequest("PUT", Target, Timestamp, []),
            new ProvisionerKey("mycelium", Encoding.UTF8.GetBytes(Secret + "!")).SignRequest("PUT", Target, Timestamp, body),
            key.SignResponse("PUT", 200, Timestamp, body),
            key.SignResponse("PUT", 202, Timestamp, body),
        ];

        Assert.Equal(signatures.Length, signatures.Distinct().Count());
        Assert.All(signatures, signature => Assert.Matches("^[0-9a-f]{64}$", signature));
    }

    [Fact]
    public void Every_field_that_is_sent_or_read_is_in_the_description()
    {
        string[] described = [.. File.ReadLines(RepositoryRoot.Combine("docs", "provisioner.yaml")).Select(line => line.Trim().Split(':')[0])];
        Type[] messages =
            [typeof(WantedMachineJson), typeof(RouteJson), typeof(MachineJson), typeof(UseJson), typeof(MetersJson), typeof(MachinesJson), typeof(ImagesJson),
                typeof(ImageJson), typeof(ErrorJson)];

        Assert.Empty(messages.SelectMany(message => message.GetProperties())
            .Select(property => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(property.Name))
            .Except([.. described, "equalityContract"]));
    }

    [Fact]
    public void A_key_does_not_print_its_secret() =>
        Assert.DoesNotContain(Secret, $"{new ProvisionerAddress("main", new Uri("http://127.0.0.1/"), Rig.Key)}", StringComparison.Ordinal);
}
