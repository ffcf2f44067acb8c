using System.Text;
using System.Text.Json;

namespace Mycelium.Infrastructure.Grid;

/// <summary>One record as the grid wrote it, read field by field: a field that cannot be believed is noted, and the others are still read.</summary>
internal sealed class RawRecord(Dictionary<string, ReadOnlyMemory<byte>> fields)
{
    /// <summary>The fields that we use are three levels deep; a deeper one is not what it should be.</summary>
    private const int DepthMax = 8;

    /// <summary>What a flaw shows of the value.</summary>
    private const int ShownLengthMax = 60;

    private readonly List<FieldFlaw> flaws = [];
    private readonly Dictionary<string, JsonElement> values = [];

    public IReadOnlyList<FieldFlaw> Flaws => flaws;

    /// <summary>The reason of the first flaw that leaves open whether the record's subject can be sold.</summary>
    public GridFlawReason? Doubt { get; private set; }

    /// <summary>
    /// What <paramref name="judge"/> makes of a field, or the type's default and a flaw. Fields below another are named <c>location.city</c>.
    /// </summary>
    /// <param name="field">The grid's name of it.</param>
    /// <param name="isState">It decides whether the record's subject can be sold.</param>
    /// <param name="isRead">Whether there was no flaw.</param>
    /// <param name="judge">Gets a value of kind undefined when there is none.</param>
    public T? Read<T>(string field, bool isState, out bool isRead, Func<JsonElement, T> judge)
    {
        try
        {
            isRead = true;
            return judge(Value(field));
        }
        catch (RejectedRecordException rejected)
        {
            isRead = false;
            Note(field, rejected.Reason, isState);
            return default;
        }
    }

    public void Note(string field, GridFlawReason reason, bool isState = false)
    {
        flaws.Add(new FieldFlaw(field, reason, Shown(field)));
        if (isState)
            Doubt ??= reason;
    }

    /// <summary>The field's value; of kind undefined when the record has none.</summary>
    /// <exception cref="RejectedRecordException">It is not JSON, or nested deeper than any field of ours.</exception>
    public JsonElement Value(string field)
    {
        int dot = field.IndexOf('.', StringComparison.Ordinal);
        JsonElement value = Outer(dot < 0 ? field : field[..dot]);
        if (dot < 0 || value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return value;
        if (value.ValueKind != JsonValueKind.Object)
            throw new RejectedRecordException(GridFlawReason.WrongType);
        return value.TryGetProperty(field[(dot + 1)..], out JsonElement inner) ? inner : default;
    }

    private JsonElement Outer(string field)
    {
        if (values.TryGetValue(field, out JsonElement known))
            return known;
        if (!fields.TryGetValue(field, out ReadOnlyMemory<byte> text))
            return default;
        try
        {
            var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { MaxDepth = DepthMax });
            JsonElement value = JsonElement.ParseValue(ref reader);
            if (reader.Read())
                throw new RejectedRecordException(GridFlawReason.WrongType);
            values.Add(field, value);
            return value;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new RejectedRecordException(GridFlawReason.WrongType);
        }
    }

    /// <summary>The beginning of the value in one line of visible characters; of a field below another the outer one's. Empty if there is none.</summary>
    private string Shown(string field)
    {
        if (!fields.TryGetValue(field.Split('.')[0], out ReadOnlyMemory<byte> text))
            return "";
        try
        {
            if (field.Contains('.', StringComparison.Ordinal))
                text = Encoding.UTF8.GetBytes(Value(field) is { ValueKind: not JsonValueKind.Undefined } value ? value.GetRawText() : "");
        }
        catch (RejectedRecordException)
        {
            // The outer value is not an object, so it is shown itself.
        }
        string shown = Encoding.UTF8.GetString(text.Span[..Math.Min(text.Length, ShownLengthMax)]);
        return string.Concat(shown.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) || letter == '\uFFFD' ? '·' : letter))
            + (text.Length > ShownLengthMax ? "…" : "");
    }
}

/// <param name="Field">The grid's name of the field.</param>
/// <param name="Reason">Why its value is not believed.</param>
/// <param name="Value">The beginning of the value; empty where there is none.</param>
internal sealed record FieldFlaw(string Field, GridFlawReason Reason, string Value);
