using System.Text.Json;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// Reads request parameters directly from UTF-8 JSON: only variables and extensions become elements, unknown properties are skipped.
/// </summary>
internal static class RequestParametersReader
{
    /// <param name="documentId">The document in the request's URL, if any.</param>
    /// <param name="takesVariableLists">Whether <c>variables</c> may be a list, which is left as it is.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Read(
        ReadOnlySpan<byte> json, int maxDepth, out RequestParameters parameters, string? documentId = null, bool takesVariableLists = false)
    {
        parameters = default;
        if (JsonText.FindFault(json) is { } fault)
            return fault;

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            reader.Read();
            string? problem = reader.TokenType switch
            {
                JsonTokenType.StartObject => ReadObject(ref reader, documentId, takesVariableLists, out parameters),
                JsonTokenType.StartArray => "Several operations in one request are not supported; send them one by one.",
                _ => "The request must be a JSON object with the property \"query\".",
            };
            if (problem is null)
                reader.Read(); // Throws when something follows the object.
            return problem;
        }
        catch (JsonException exception)
        {
            return $"The request is not JSON, or nested deeper than {maxDepth} (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).";
        }
    }

    /// <summary>Reads one JSON object, the form that variables and extensions have in a GET request.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? ReadMap(string name, ReadOnlySpan<byte> json, int maxDepth, out JsonElement map)
    {
        map = default;
        if (JsonText.FindFault(json) is not null)
            return $"\"{name}\" is not JSON.";

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            reader.Read();
            string? problem = TakeMap(ref reader, name, out map);
            if (problem is null)
                reader.Read();
            return problem;
        }
        catch (JsonException)
        {
            return $"\"{name}\" is not JSON, or nested deeper than {maxDepth}.";
        }
    }

    private static string? ReadObject(ref Utf8JsonReader reader, string? documentId, bool takesVariableLists, out RequestParameters parameters)
    {
        string? query = null, operationName = null;
        JsonElement variables = default, extensions = default;
        ErrorHandling? onError = null;
        parameters = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? problem = null;
            if (reader.ValueTextEquals("query"u8))
                problem = TakeString(ref reader, "query", out query);
            else if (reader.ValueTextEquals("variables"u8))
                problem = TakeMapProperty(ref reader, "variables", out variables, takesVariableLists);
            else if (reader.ValueTextEquals("operationName"u8))
                problem = TakeString(ref reader, "operationName", out operationName);
            else if (reader.ValueTextEquals("documentId"u8))
                problem = TakeString(ref reader, "documentId", out documentId);
            else if (reader.ValueTextEquals("extensions"u8))
                problem = TakeMapProperty(ref reader, "extensions", out extensions);
            else if (reader.ValueTextEquals("onError"u8))
                problem = OnErrorParameter.Take(ref reader, out onError);
            else
                reader.Skip();
            if (problem is not null)
                return problem;
        }
        parameters = new RequestParameters(query, documentId, operationName, variables, extensions, onError);
        return parameters.NamesDocument ? null : "\"query\" is missing.";
    }

    /// <summary>
    /// An empty string counts as not given, like null: clients in languages without null strings, such as Go, send "" for what they leave out.
    /// </summary>
    private static string? TakeString(ref Utf8JsonReader reader, string name, out string? value)
    {
        reader.Read();
        value = reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } given ? given : null;
        return reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? null : $"\"{name}\" must be a string.";
    }

    private static string? TakeMapProperty(ref Utf8JsonReader reader, string name, out JsonElement map, bool takesLists = false)
    {
        reader.Read();
        if (!takesLists || reader.TokenType != JsonTokenType.StartArray)
            return TakeMap(ref reader, name, out map);
        map = JsonElement.ParseValue(ref reader);
        return null;
    }

    private static string? TakeMap(ref Utf8JsonReader reader, string name, out JsonElement map)
    {
        map = default;
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
            return $"\"{name}\" must be an object.";

        map = JsonElement.ParseValue(ref reader);
        return null;
    }
}
