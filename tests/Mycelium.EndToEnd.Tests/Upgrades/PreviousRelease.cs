using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Upgrades;

/// <summary>The API of the previous release, built from its commit in a work tree of its own.</summary>
internal static class PreviousRelease
{
    private static readonly Lazy<Task<ApiBuild>> built = new(BuildAsync);

    /// <summary>Built on first use, and kept under <c>.local/</c> for the next run.</summary>
    public static Task<ApiBuild> Build => built.Value;

    private static async Task<ApiBuild> BuildAsync()
    {
        string commit = (await File.ReadAllTextAsync(RepositoryRoot.Combine("tests", "previous-release"))).Trim();
        string folder = RepositoryRoot.Combine(".local", "previous-release", commit);
        var build = ApiBuild.In(folder);
        string done = Path.Combine(folder, ".built-" + ApiBuild.Configuration); // Written last: an interrupted build is repeated.
        if (File.Exists(done))
            return build;

        await GitAsync("worktree", "prune");
        if (!Directory.Exists(folder))
            await GitAsync("worktree", "add", "--detach", "--force", folder, commit);
        await ChildProcess.RunAsync(
            "dotnet", ["build", "src/Mycelium.GraphQL", "-c", ApiBuild.Configuration, "--nologo", "-v", "quiet"],
            workingDirectory: folder, deadline: TimeSpan.FromMinutes(15));
        await File.WriteAllTextAsync(done, "");
        return build;
    }

    private static async Task GitAsync(params string[] arguments)
    {
        try
        {
            await ChildProcess.RunAsync("git", arguments, workingDirectory: RepositoryRoot.Path);
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidOperationException(
                "The commit in tests/previous-release could not be checked out; a shallow clone lacks it: git fetch --unshallow.", failure);
        }
    }
}
