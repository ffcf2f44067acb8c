using MailKit.Security;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>How mails leave: section <c>Mail</c>. Without <see cref="Host"/> and <see cref="Directory"/> none do.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>The SMTP server.</summary>
    public string Host { get; set; } = "";

    /// <summary>Of submission with STARTTLS.</summary>
    public int Port { get; set; } = 587;

    /// <summary><c>StartTls</c>; <c>Tls</c> from the first byte (port 465); <c>None</c> for a server on the same machine.</summary>
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>Empty for a server that requires none.</summary>
    public string User { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>The sender, such as <c>Mycelium &lt;accounts@example.com&gt;</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>Mails are written into this folder, and go nowhere: for Development.</summary>
    public string Directory { get; set; } = "";

    /// <summary>
    /// The public address of the API, such as <c>https://api.example.com</c>: links in mails begin with it. Never taken from a request, whose <c>Host</c> is
    /// chosen by its sender.
    /// </summary>
    public string PublicAddress { get; set; } = "";

    /// <summary>Whether there is a way to send one.</summary>
    public bool IsSet => Host.Length > 0 || Directory.Length > 0;

    internal SecureSocketOptions SocketOptions => Security switch
    {
        MailSecurity.None => SecureSocketOptions.None,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.StartTls,
    };
}

/// <summary>How the way to the mail server is protected.</summary>
public enum MailSecurity { StartTls, Tls, None }
