using System.Security.Claims;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>Folders of documents as client compilers write them.</summary>
public sealed class OperationFolderTests : IDisposable
{
    private const string Text = "query Page { a }";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("documents");

    [Fact]
    public async Task Files_and_manifests_are_read_together()
    {
        string hash = OperationDocument.HashOf(Text);
        Write(hash + ".graphql", Text);
        Write("home.graphql", "{ home: a }");
        Write("persisted_queries.json", """{"0123456789abcdef0123456789abcdef":"{ relay: a }"}""");
        Write("persisted-documents.json", $$"""{"{{OperationDocument.HashOf("{ codegen: a }")}}":"{ codegen: a }"}""");
        Write("persisted-query-manifest.json", """
            {"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"apollo1","name":"A","type":"query","body":"{ apollo: a }"}]}
            """);

        OperationDocumentList documents = OperationDocumentFolder.Read(folder.FullName);

        Assert.Equal(Text, await TextOfAsync(documents, hash));
        Assert.Equal("{ home: a }", await TextOfAsync(documents, "home"));
        Assert.Equal("{ relay: a }", await TextOfAsync(documents, "0123456789abcdef0123456789abcdef"));
        Assert.Equal("{ codegen: a }", await TextOfAsync(documents, OperationDocument.HashOf("{ codegen: a }")));
        Assert.Equal("{ apollo: a }", await TextOfAsync(documents, "apollo1"));
        Assert.Null(await TextOfAsync(documents, "other"));
    }

    [Theory]
    [InlineData("7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e.graphql", Text, "was changed")]
    [InlineData("x.json", """{"7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e":"{ a }"}""", "was changed")]
    [InlineData("a b.graphql", Text, "is not a document id")]
    [InlineData("same.graphql", Text, "Two documents")]
    [InlineData("x.json", "[]", "not an object")]
    [InlineData("x.json", """{"a":7}""", "not an object")]
    [InlineData("x.json", "{", "x")]
    public void A_folder_with_invalid_files_is_refused_at_startup(string file, string content, string reason)
    {
        Write("y.json", """{"same":"{ other: a }"}""");
        Write(file, content);

        var refused = Assert.Throws<InvalidOperationException>(() => OperationDocumentFolder.Read(folder.FullName));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Contains(folder.FullName, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_refused_at_startup() =>
        Assert.Throws<InvalidOperationException>(() => OperationDocumentFolder.Read(Path.Combine(folder.FullName, "none")));

    public void Dispose() => folder.Delete(recursive: true);

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(folder.FullName, name), content);

    private static async Task<string?> TextOfAsync(OperationDocumentList documents, string id) =>
        (await documents.TryReadAsync(id, new ClaimsPrincipal(), CancellationToken.None))?.Text;
}
