using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>
/// The reference implementation in a Node process: <c>engine/tests/graphql-js/oracle.js</c>, which processes many questions in one run.
/// </summary>
internal sealed class GraphQLJs
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<Task<GraphQLJs>> Ready = new(InstallAsync);

    private GraphQLJs()
    {
    }

    private static string Folder { get; } = RepositoryRoot.Combine("engine", "tests", "graphql-js");

    public static Task<GraphQLJs> GetAsync() => Ready.Value;

    /// <summary>The schema that the generated documents are about.</summary>
    public static Task<string> ReadSchemaAsync() => File.ReadAllTextAsync(Path.Combine(Folder, "schema.graphql"));

    /// <summary>The same about a schema: there is one answer for each question, in order.</summary>
    public Task<IReadOnlyList<T>> AskAsync<T>(string sdl, IEnumerable<object> questions) => AskAsync<T>(questions.Prepend(new { schema = sdl }));

    /// <summary>Sends each question as one line of JSON; there is one answer for each except <c>{ schema }</c>, in order.</summary>
    public async Task<IReadOnlyList<T>> AskAsync<T>(IEnumerable<object> questions)
    {
        using Process node = Process.Start(new ProcessStartInfo("node", ["oracle.js"])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        Task<string> failure = node.StandardError.ReadToEndAsync();
        Task asking = Task.Run(async () =>
        {
            foreach (object question in questions)
                await node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(question, Json));
            node.StandardInput.Close();
        });

        var answers = new List<T>();
        while (await node.StandardOutput.ReadLineAsync() is { } line)
            answers.Add(JsonSerializer.Deserialize<T>(line, Json)!);
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await failure);
        await asking;
        return answers;
    }

    private static async Task<GraphQLJs> InstallAsync()
    {
        if (!File.Exists(Path.Combine(Folder, "node_modules", "graphql", "package.json")))
            await ChildProcess.RunAsync("npm", ["ci", "--no-audit", "--no-fund"], workingDirectory: Folder);
        return new GraphQLJs();
    }
}
