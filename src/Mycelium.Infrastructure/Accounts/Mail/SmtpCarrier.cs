using MailKit.Net.Smtp;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>Hands mails to an SMTP server, many over one connection.</summary>
public sealed class SmtpCarrier(IOptions<MailOptions> options) : IMailCarrier
{
    /// <summary>Of one command; a server that takes longer is tried again later.</summary>
    private static readonly TimeSpan timeout = TimeSpan.FromSeconds(15);

    private SmtpClient? client;

    public async Task SendAsync(Mail mail, CancellationToken cancellation)
    {
        MimeMessage message = Write(mail, options.Value);
        try
        {
            SmtpClient connected = await ConnectedAsync(cancellation).ConfigureAwait(false);
            await connected.SendAsync(message, cancellation).ConfigureAwait(false);
        }
        catch (SmtpCommandException refusal) when (refusal.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted
            && (int)refusal.StatusCode >= 500)
        {
            throw new MailRefusedException($"The server answered {(int)refusal.StatusCode}.", refusal);
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false); // In the middle of something: the next mail gets a new connection.
            throw;
        }
    }

    public async ValueTask RestAsync()
    {
        if (client is not null)
        {
            using var hurry = new CancellationTokenSource(timeout);
            try
            {
                await client.DisconnectAsync(quit: true, hurry.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // The connection has closed by itself.
            }
        }
        await DisposeAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        client?.Dispose();
        client = null;
        return ValueTask.CompletedTask;
    }

    internal static MimeMessage Write(Mail mail, MailOptions options)
    {
        var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(options.From.Length > 0 ? options.From : "Mycelium <mycelium@localhost>"));
        message.To.Add(new MailboxAddress("", mail.To));
        message.Subject = mail.Subject;
        message.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no holiday replies.
        message.Body = new TextPart("plain") { Text = mail.Text };
        return message;
    }

    private async Task<SmtpClient> ConnectedAsync(CancellationToken cancellation)
    {
        if (client is { IsConnected: true })
            return client;
        await DisposeAsync().ConfigureAwait(false);
        client = new SmtpClient { Timeout = (int)timeout.TotalMilliseconds };
        await client.ConnectAsync(options.Value.Host, options.Value.Port, options.Value.SocketOptions, cancellation).ConfigureAwait(false);
        if (options.Value.User.Length > 0)
            await client.AuthenticateAsync(options.Value.User, options.Value.Password, cancellation).ConfigureAwait(false);
        return client;
    }
}
