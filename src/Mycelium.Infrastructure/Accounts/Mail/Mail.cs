namespace Mycelium.Infrastructure.Accounts;

/// <summary>A mail to one person, as plain text.</summary>
public sealed record Mail(string To, string Subject, string Text);

/// <summary>Delivers mails: to a server, or into a folder. Used by one caller at a time.</summary>
public interface IMailCarrier : IAsyncDisposable
{
    /// <exception cref="MailRefusedException">The mail will never be accepted.</exception>
    Task SendAsync(Mail mail, CancellationToken cancellation);

    /// <summary>Nothing more is to be sent for a while.</summary>
    ValueTask RestAsync();
}

/// <summary>The server refuses this mail for good, such as one to an address that it does not know.</summary>
public sealed class MailRefusedException(string message, Exception inner) : Exception(message, inner);
