using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Refuses the passwords that attackers try first: those of a built-in list, also with capitals, with digits and signs around them, and
/// with digits for letters (<c>P@ssw0rd-2026</c>), because that is how people satisfy password rules. It also refuses the account's own
/// address.
/// </summary>
internal sealed class CommonPasswords : IPasswordValidator<Account>
{
    private const string Comment = "# ";

    /// <summary>Without the digits and signs around it, a password shorter than this is not compared with the list.</summary>
    private const int CoreLengthMin = 5;

    private static readonly Lazy<FrozenSet<string>> list = new(() =>
    {
        using var reader = new StreamReader(typeof(CommonPasswords).Assembly.GetManifestResourceStream("Mycelium.GraphQL.Accounts.common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith(Comment, StringComparison.Ordinal)).ToFrozenSet(StringComparer.Ordinal);
    });

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password) => Task.FromResult(
        password is null ? IdentityResult.Success
        : IsAddress(password, user.Email) || IsAddress(password, user.UserName)
            ? Refused("PasswordIsAddress", "Passwords must differ from the e-mail address.")
        : IsCommon(password)
            ? Refused("PasswordTooCommon", "This password is too common.")
        : IdentityResult.Success);

    internal static bool IsCommon(string password)
    {
        string folded = password.ToLowerInvariant();
        int begin = 0, end = folded.Length;
        while (end > 0 && !char.IsLetter(folded[end - 1]))
            end--;
        while (begin < end && !char.IsLetter(folded[begin]))
            begin++;
        string bare = folded[..end], core = folded[begin..end];
        return list.Value.Contains(folded)
            || new[] { bare, core, WithLetters(bare), WithLetters(core) }.Any(part => part.Length >= CoreLengthMin && list.Value.Contains(part));
    }

    private static bool IsAddress(string password, string? address) =>
        address is { Length: > 0 }
        && (password.Equals(address, StringComparison.OrdinalIgnoreCase) || password.Equals(address.Split('@')[0], StringComparison.OrdinalIgnoreCase));

    private static string WithLetters(string text) => string.Create(text.Length, text, (result, from) =>
    {
        for (int index = 0; index < from.Length; index++)
        {
            result[index] = from[index] switch
            {
                '0' => 'o',
                '1' or '!' or '|' => 'i',
                '3' => 'e',
                '4' or '@' => 'a',
                '5' or '$' => 's',
                '7' or '+' => 't',
                '8' => 'b',
                var other => other,
            };
        }
    });

    private static IdentityResult Refused(string code, string description) =>
        IdentityResult.Failed(new IdentityError { Code = code, Description = description });
}
