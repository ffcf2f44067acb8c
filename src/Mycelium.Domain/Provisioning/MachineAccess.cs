using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Mycelium.Domain.Rentals;

namespace Mycelium.Domain.Provisioning;

/// <summary>
/// How the renter of a machine reaches it. The values come from a provisioner, and end up in shells and configuration files of renters, so only plain forms are
/// accepted: nothing in them needs quoting.
/// </summary>
public sealed partial record MachineAccess
{
    public const int HostKeysMax = 8;
    public const int InstructionsLengthMax = 4_000;
    public const int ConsoleUrlLengthMax = 2_000;
    private const int HostLengthMax = 253;

    private MachineAccess(string host, int port, string user, IReadOnlyList<string> hostKeys, string? instructions, Uri? consoleUrl) =>
        (Host, Port, User, HostKeys, Instructions, ConsoleUrl) = (host, port, user, hostKeys, instructions, consoleUrl);

    /// <summary>A host name, or an IPv4 or IPv6 address without brackets.</summary>
    public string Host { get; }

    /// <summary>Of SSH, 1 to 65535.</summary>
    public int Port { get; }

    /// <summary>The name to log in with.</summary>
    public string User { get; }

    /// <summary>What the machine proves itself with: kind and base64, as in a file known_hosts; 1 to 8.</summary>
    public IReadOnlyList<string> HostKeys { get; }

    /// <summary>What else there is to know, for people; at most 4,000 characters.</summary>
    public string? Instructions { get; }

    /// <summary>A console in the browser, if there is one. Always https, except on this machine.</summary>
    public Uri? ConsoleUrl { get; }

    /// <param name="flaw">The first field that cannot be accepted: its name, never its value.</param>
    public static bool TryCreate(
        string? host, int? port, string? user, IReadOnlyList<string?>? hostKeys, string? instructions, string? consoleUrl,
        [NotNullWhen(true)] out MachineAccess? access, [NotNullWhen(false)] out string? flaw)
    {
        access = null;
        Uri? console = null;
        List<string> keys = [.. (hostKeys ?? []).Take(HostKeysMax + 1).Select(HostKey).OfType<string>()];
        flaw = host is null || !IsHost(host) ? "host"
            : port is not (>= 1 and <= 65_535) ? "port"
            : user is null || !UserPattern().IsMatch(user) ? "user"
            : keys.Count is 0 or > HostKeysMax || keys.Count != hostKeys!.Count ? "hostKeys"
            : instructions is not null && !IsText(instructions) ? "instructions"
            : !IsConsole(consoleUrl, out console) ? "consoleUrl"
            : null;
        if (flaw is null)
            access = new(host!, port!.Value, user!, keys, string.IsNullOrWhiteSpace(instructions) ? null : instructions, console);
        return access is not null;
    }

    private static bool IsHost(string host) => host.Length <= HostLengthMax
        && (HostPattern().IsMatch(host) || (IPAddress.TryParse(host, out IPAddress? address)
            && address.AddressFamily == AddressFamily.InterNetworkV6 && Ipv6Pattern().IsMatch(host)));

    /// <summary>Without its comment, which could say anything.</summary>
    private static string? HostKey(string? text) =>
        SshPublicKey.TryParse(text, out SshPublicKey? key, out _) ? string.Join(' ', key.Text.Split(' ', 3).Take(2)) : null;

    private static bool IsText(string text) =>
        text.Length <= InstructionsLengthMax && text.All(character => !char.IsControl(character) || character is '\n' or '\t');

    private static bool IsConsole(string? text, out Uri? console)
    {
        console = null;
        return string.IsNullOrEmpty(text)
            || (text.Length <= ConsoleUrlLengthMax
                && Uri.TryCreate(text, UriKind.Absolute, out console)
                && console.UserInfo.Length == 0
                && (console.Scheme == Uri.UriSchemeHttps || (console.Scheme == Uri.UriSchemeHttp && console.IsLoopback)));
    }

    [GeneratedRegex(@"^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();

    [GeneratedRegex(@"^[0-9a-fA-F:.]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Ipv6Pattern();

    [GeneratedRegex(@"^[a-z_][a-z0-9_-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex UserPattern();
}
