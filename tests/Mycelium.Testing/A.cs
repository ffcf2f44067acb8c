using System.Buffers.Binary;
using System.Text;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Slices;
using Mycelium.Domain.Units;

namespace Mycelium.Testing;

/// <summary>Builders: each fills in defaults for whatever the test does not mention.</summary>
public static class A
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly AccountId Farmer = new(new Guid("11111111-1111-7111-8111-111111111111"));
    public static readonly AccountId Renter = new(new Guid("22222222-2222-7222-8222-222222222222"));
    public static readonly PricingPolicy Policy = new();
    public static readonly RentalPolicy Rules = new();

    /// <summary>A key whose bytes are all the same; ed25519 accepts any 32 bytes.</summary>
    public static readonly SshPublicKey SshKey = SshPublicKey.Parse(Ed25519Line(filledWith: 7));

    public static MicroUsd Dollars(string dollars) => MicroUsd.Parse(dollars);

    public static Capacity Capacity(int cores = 0, long memoryGib = 0, long ssdGib = 0) => new(cores, memoryGib << 30, ssdGib << 30, 0);

    /// <summary>The capacity of exactly this number of base slices.</summary>
    public static Capacity Slices(int count) =>
        new(BaseSlice.Cores * count, BaseSlice.MemoryBytes * count, BaseSlice.SsdBytes * count, 0);

    public static Farm Farm(long id = 1, string name = "Freefarm", long twinId = 2, AccountId? owner = null)
    {
        var farm = new Farm(new FarmObservation(new FarmId(id), name, twinId, FarmCertification.NotCertified, false, 0, 0, null, Noon, GridName.Main));
        farm.LinkOwner(owner ?? Farmer);
        return farm;
    }

    public static NodeObservation Observation(long id = 1, int slices = 8, long farmId = 1, long sequence = 1) => new()
    {
        Id = new NodeId(id),
        Grid = GridName.Main,
        FarmId = new FarmId(farmId),
        TwinId = 1_000 + id,
        Status = NodeStatus.Up,
        Total = Slices(slices),
        Used = default,
        Place = new NodePlace("Belgium", "Ghent", 51.05, 3.72),
        LastReportAt = Noon,
        ObservedAt = Noon,
        SyncSequence = sequence,
    };

    /// <summary>A node that is registered and published.</summary>
    public static GridNode Node(long id = 1, int slices = 8, int allocated = 0, long? price = null)
    {
        GridNode node = UnregisteredNode(id, slices);
        node.Register(Farmer, Farm(), price is { } microUsd ? MicroUsdPerHour.From(microUsd) : null, Policy);
        node.Publish(Farmer);
        if (allocated > 0)
            node.Allocate(allocated);
        return node;
    }

    public static GridNode UnregisteredNode(long id = 1, int slices = 8) => GridNode.Discover(Observation(id, slices));

    public static RentalWish Wish(long nodeId = 1, int multiplier = 1, int quantity = 1, int? hours = null, int? months = null)
    {
        RentalTerm term = months is { } count ? RentalTerm.OfMonths(count) : RentalTerm.OfHours(RentalHours.From(hours ?? 24));
        return new(SliceCombinationId.Of(new NodeId(nodeId), multiplier), quantity, term);
    }

    public static RentalApplication Application(GridNode node, RentalWish? wish = null, Quote? quote = null, DateTimeOffset? quotedAt = null)
    {
        wish ??= Wish(node.Id.Value);
        quote ??= Quote.For(wish, node, Policy, quotedAt ?? Noon);
        return new(RentalId.New(Noon), Renter, wish, quote, SshKey);
    }

    /// <summary>An active rental that starts at noon.</summary>
    public static Rental Rental(GridNode? node = null, RentalWish? wish = null)
    {
        node ??= Node();
        RentalApplication application = Application(node, wish);
        return ((SlicesRented)Domain.Rentals.Rental.Start(application, node, application.Quote.Total, Noon)).Rental;
    }

    public static string Ed25519Line(byte filledWith, string comment = "renter@laptop")
    {
        byte[] key = new byte[32];
        Array.Fill(key, filledWith);
        return $"ssh-ed25519 {Convert.ToBase64String([.. SshField(Encoding.ASCII.GetBytes("ssh-ed25519")), .. SshField(key)])} {comment}";
    }

    /// <summary>Encodes a field of an SSH key: its length in four bytes, then its bytes.</summary>
    public static byte[] SshField(ReadOnlySpan<byte> bytes)
    {
        byte[] field = new byte[sizeof(uint) + bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(field, (uint)bytes.Length);
        bytes.CopyTo(field.AsSpan(sizeof(uint)));
        return field;
    }
}
