using System.Globalization;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>Writes mails into a folder, a file each, in the order of their names.</summary>
public sealed class FolderCarrier(IOptions<MailOptions> options, TimeProvider clock) : IMailCarrier
{
    private int count;

    public async Task SendAsync(Mail mail, CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateDirectory(options.Value.Directory);
        string name = string.Create(
            CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyyMMdd-HHmmss.fff}-{Environment.ProcessId}-{Interlocked.Increment(ref count)}");
        string unfinished = Path.Combine(folder.FullName, name + ".tmp");
        MimeMessage message = SmtpCarrier.Write(mail, options.Value);
        await message.WriteToAsync(unfinished, cancellation).ConfigureAwait(false);
        File.Move(unfinished, Path.ChangeExtension(unfinished, null) + ".eml");
    }

    public ValueTask RestAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
