using System.Globalization;

namespace Mycelium.GraphQL.Edge;

/// <summary>Where to report a vulnerability: section <c>Security</c>, served as <c>/.well-known/security.txt</c> (RFC 9116).</summary>
public sealed class SecurityContact
{
    public const string Section = "Security";

    /// <summary>
    /// An address such as <c>mailto:security@example.com</c> or <c>https://example.com/report</c>. By default it is empty, and the file is
    /// not served.
    /// </summary>
    public string Contact { get; set; } = "";

    /// <summary>RFC 9116, section 2.5.5, recommends less than a year.</summary>
    private static readonly TimeSpan validFor = TimeSpan.FromDays(180);

    /// <exception cref="InvalidOperationException">The contact is neither a mail address nor a web page.</exception>
    public string Text(DateTimeOffset now) =>
        Uri.TryCreate(Contact, UriKind.Absolute, out Uri? uri) && uri.Scheme is "mailto" or "https"
            ? string.Create(CultureInfo.InvariantCulture, $"Contact: {Contact}\nExpires: {now + validFor:yyyy-MM-dd'T'HH:mm:ss'Z'}\nPreferred-Languages: en\n")
            : throw new InvalidOperationException($"Security:Contact: '{Contact}' is neither a mailto: nor an https: address.");
}

public static class SecurityContactEndpoint
{
    public static void MapSecurityContact(this WebApplication app)
    {
        SecurityContact contact = app.Configuration.GetSection(SecurityContact.Section).Get<SecurityContact>() ?? new();
        if (contact.Contact.Length == 0)
            return;
        contact.Text(default); // So that a wrong setting fails here, at start-up, and not in a request.
        app.MapGet("/.well-known/security.txt", (TimeProvider clock) => Results.Text(contact.Text(clock.GetUtcNow()), "text/plain; charset=utf-8"));
    }
}
