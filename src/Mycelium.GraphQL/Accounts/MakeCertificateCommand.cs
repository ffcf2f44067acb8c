using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// <c>make-certificate PATH</c>: writes a certificate for encrypting the keys of tokens and quotes (<c>DataProtection:Certificate</c>),
/// with its private key, as a PEM file that only its owner may read. It never overwrites a file: without the old certificate, the keys that
/// it encrypted would be lost.
/// </summary>
public static class MakeCertificateCommand
{
    public const int Done = HostCommand.Done;
    public const int CannotWrite = 1;
    public const int WrongUse = HostCommand.WrongUse;

    public static bool Matches(string[] arguments) => arguments is ["make-certificate", ..];

    /// <returns>The exit code: 0 if the file was written.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [_, { Length: > 0 } path])
            return await HostCommand.FailAsync(WrongUse, "Usage: make-certificate PATH, the file to write.");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using var file = new StreamWriter(path, options);
            await file.WriteAsync(KeyCertificates.Make(TimeProvider.System.GetUtcNow()));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return await HostCommand.FailAsync(
                CannotWrite, File.Exists(path) ? $"{path} already exists. Nothing was written." : $"{path} cannot be written: {failure.Message}");
        }
        return await HostCommand.SayAsync(
            $"{path} contains a certificate and its private key. "
            + "Set DataProtection__Certificate to it at every replica, and keep a copy apart from the backups of the database.");
    }
}
