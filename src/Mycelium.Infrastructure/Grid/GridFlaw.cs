using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// Something that a grid reported and that is not believed, as of the last pass that saw it: for the operator, who can have it corrected at the source.
/// </summary>
public sealed class GridFlaw
{
    private GridFlaw()
    {
    }

    public long Id { get; private set; }

    /// <summary>The name of the grid that reported it.</summary>
    public string Grid { get; private set; } = "";

    /// <summary>What it is about.</summary>
    public GridFlawSubject Subject { get; private set; }

    /// <summary>The number of the node or farm as the grid wrote it, possible or not; 0 if none could be read.</summary>
    public long GridId { get; private set; }

    /// <summary>The grid's own name of the field; <c>record</c> for the whole record.</summary>
    public string Field { get; private set; } = "";

    /// <summary>Why it is not believed.</summary>
    public GridFlawReason Reason { get; private set; }

    /// <summary>The same for people, with the beginning of the value and what follows from it.</summary>
    public string Message { get; private set; } = "";

    /// <summary>The first pass that saw it, of those without a break.</summary>
    public DateTimeOffset FirstSeenAt { get; private set; }

    /// <summary>The last pass that saw it, up to the step in which freshness is written.</summary>
    public DateTimeOffset LastSeenAt { get; private set; }
}

/// <summary>What a grid's record describes.</summary>
public enum GridFlawSubject
{
    Node,
    Farm,
}

/// <summary>A flaw as one pass sees it.</summary>
/// <param name="Id">The grid's own number of the node or farm; 0 if none could be read.</param>
/// <param name="Field">The grid's own name, or <see cref="Record"/>.</param>
/// <param name="Value">The beginning of the value, in visible characters.</param>
public sealed record FlawSeen(GridFlawSubject Subject, long Id, string Field, GridFlawReason Reason, string Value)
{
    /// <summary>Stands for the whole record.</summary>
    public const string Record = "record";

    public string Message => $"{Sentence}{(Value.Length > 0 ? $" The grid says: {Value}" : "")}";

    private string Sentence => Reason switch
    {
        GridFlawReason.WrongType when Field == Record => "The record is not an object.",
        GridFlawReason.WrongType => "The value has another type than it should, or a number is fractional or too large.",
        GridFlawReason.Incomplete => "The value is missing.",
        GridFlawReason.ImpossibleId => "An id is a whole number from 1 to 4294967295.",
        GridFlawReason.ImpossibleCapacity => "The amount is negative or absurd.",
        GridFlawReason.TooLong => "A text has at most 256 characters, and the list at most as many items as any machine has.",
        GridFlawReason.UnknownWord => "The word is not one of those that the field may hold.",
        GridFlawReason.ControlCharacter => "The text holds characters that no line of text has.",
        GridFlawReason.UnknownCountry => "No country of this name is known, so the node has neither country code nor region.",
        GridFlawReason.ImpossibleInstant => "The instant is before the grid began or in the future; it is counted in seconds from 1970.",
        GridFlawReason.ImpossibleMeasure => "The measure is off the globe, negative or absurd.",
        GridFlawReason.Duplicate => "The grid lists it more than once; where the records contradict each other, the node sells nothing.",
        GridFlawReason.UnknownFarm => "The grid does not list the farm, or does not tell its owner credibly.",
        GridFlawReason.UnlinkedTwin =>
            "Nobody has linked this twin, so the farm keeps its owner until an operator links it (linkFarmerTwin) or unlinks the one before.",
        _ => $"{Reason}.",
    };
}

/// <summary>Written by passes, each in one statement (<see cref="GridFlaws"/>); read by operators.</summary>
internal sealed class GridFlawTable : IEntityTypeConfiguration<GridFlaw>
{
    public void Configure(EntityTypeBuilder<GridFlaw> builder)
    {
        builder.ToTable("grid_flaws");
        builder.Property(flaw => flaw.Subject).HasConversion<string>();
        builder.Property(flaw => flaw.Reason).HasConversion(reason => reason.ToString(), text => Known(text));
    }

    /// <summary>A newer release may have written a reason that this one does not know.</summary>
    private static GridFlawReason Known(string text) => Enum.TryParse(text, out GridFlawReason reason) ? reason : GridFlawReason.Other;
}
