using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Reads the documents in a folder: <c>{id}.graphql</c> files, and the manifests of client compilers: a JSON object from id to text (Relay, GraphQL
/// Code Generator), or Apollo's list of operations. An id of 64 hex digits must be the SHA-256 of its text.
/// </summary>
internal static class OperationDocumentFolder
{
    private const string ApolloFormat = "apollo-persisted-query-manifest";

    /// <exception cref="InvalidOperationException">The folder does not exist, or its contents are invalid.</exception>
    public static OperationDocumentList Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InvalidOperationException($"The folder of persisted documents does not exist: {folder}");
        try
        {
            return new OperationDocumentList([
                .. Directory.EnumerateFiles(folder, "*.graphql").Order(StringComparer.Ordinal)
                    .Select(file => KeyValuePair.Create(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file))),
                .. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).SelectMany(ReadManifest),
            ]);
        }
        catch (Exception wrong) when (wrong is ArgumentException or JsonException)
        {
            throw new InvalidOperationException($"{folder}: {wrong.Message}", wrong);
        }
    }

    private static List<KeyValuePair<string, string>> ReadManifest(string file)
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement root = manifest.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new ArgumentException($"{Path.GetFileName(file)} is not an object from id to text.");
        if (root.TryGetProperty("format", out JsonElement format) && format.ValueEquals(ApolloFormat))
            return [.. root.GetProperty("operations").EnumerateArray().Select(entry => Entry(file, Text(entry, "id"), Text(entry, "body")))];
        return
        [
            .. root.EnumerateObject().Select(entry => Entry(file, entry.Name, entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : null))
        ];
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static KeyValuePair<string, string> Entry(string file, string? id, string? text) => id is not null && text is not null
        ? KeyValuePair.Create(id, text)
        : throw new ArgumentException($"{Path.GetFileName(file)} is not an object from id to text.");
}
