using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Transport.Batching;

/// <summary>Turns a request into a batch, with a limit at every step.</summary>
internal sealed class BatchReader(GraphQLTransportOptions options, string? documentId)
{
    public List<BatchEntry> Entries { get; private set; } = [];

    public Refusal? Read(ReadOnlySpan<byte> json)
    {
        if (options.Batching.HasFlag(AllowedBatching.RequestBatching) && json.TrimStart(" \t\r\n"u8) is [(byte)'[', ..])
            return ReadList(json);
        string? problem = ReadOne(json, out RequestParameters parameters);
        Entries.Add(new BatchEntry(parameters));
        return problem is null ? null : Refusal.BadRequest(problem);
    }

    /// <summary><c>[First,Second]</c>: each operation of the one document is an entry.</summary>
    public Refusal? NameOperations(string? names)
    {
        if (string.IsNullOrEmpty(names))
            return null;
        if (!options.Batching.HasFlag(AllowedBatching.OperationBatching))
            return Refusal.BadRequest("Several operations of one document in one request are not supported; send them one by one.");
        if (Entries is not [{ RequestIndex: null } single] || names is not ['[', .. string list, ']'])
            return Refusal.BadRequest("\"batchOperations\" is a list such as [First,Second], and goes with one request.");

        string[] operations = list.Split(',', options.MaxBatchSize + 1, StringSplitOptions.TrimEntries);
        Entries =
        [
            .. operations.Select((name, index) => single with
            {
                RequestIndex = index,
                Parameters = single.Parameters with { OperationName = name.Trim('"') },
            }),
        ];
        return IsTooLarge ? Refusal.BatchTooLarge(options.MaxBatchSize) : null;
    }

    /// <summary>An entry whose variables are a list becomes one entry for each of them.</summary>
    public Refusal? SpreadVariables()
    {
        if (Entries.TrueForAll(entry => entry.Parameters.Variables.ValueKind != JsonValueKind.Array))
            return null;
        List<BatchEntry> spread = [];
        foreach (BatchEntry entry in Entries)
        {
            if (entry.Parameters.Variables.ValueKind != JsonValueKind.Array)
                spread.Add(entry);
            else if (spread.Count + entry.Parameters.Variables.GetArrayLength() > options.MaxBatchSize)
                return Refusal.BatchTooLarge(options.MaxBatchSize);
            else
                spread.AddRange(entry.Parameters.Variables.EnumerateArray().Select((variables, index) => WithVariables(entry, variables, index)));
        }
        Entries = spread;
        if (Entries.Count == 0)
            return Refusal.BadRequest("The batch is empty.");
        return IsTooLarge ? Refusal.BatchTooLarge(options.MaxBatchSize) : null;
    }

    private static BatchEntry WithVariables(BatchEntry entry, JsonElement variables, int index) => entry with
    {
        VariableIndex = index,
        Parameters = entry.Parameters with { Variables = variables.ValueKind == JsonValueKind.Null ? default : variables },
        Problem = entry.Problem ?? (variables.ValueKind is JsonValueKind.Object or JsonValueKind.Null ? null : "Each of \"variables\" must be an object."),
    };

    private bool IsTooLarge => Entries.Count > options.MaxBatchSize;

    private Refusal? ReadList(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = options.MaxJsonDepth });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                string? problem = ReadOne(json[start..(int)reader.BytesConsumed], out RequestParameters parameters);
                Entries.Add(new BatchEntry(parameters, RequestIndex: Entries.Count, Problem: problem));
                if (IsTooLarge)
                    return Refusal.BatchTooLarge(options.MaxBatchSize);
            }
            reader.Read(); // Throws when something follows the list.
        }
        catch (JsonException exception)
        {
            return Refusal.BadRequest(
                $"The request is not JSON, or nested deeper than {options.MaxJsonDepth} (line {exception.LineNumber + 1}, "
                    + $"byte {exception.BytePositionInLine + 1}).");
        }
        return Entries.Count == 0 ? Refusal.BadRequest("The batch is empty.") : null;
    }

    private string? ReadOne(ReadOnlySpan<byte> json, out RequestParameters parameters) => RequestParametersReader.Read(
        json, options.MaxJsonDepth, out parameters, documentId, takesVariableLists: options.Batching.HasFlag(AllowedBatching.VariableBatching));
}
