using System.Collections.Concurrent;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Tests.Hosting;
using Snapshooter.Xunit;
using GraphQLSchema = Mycelium.GraphQL.Engine.TypeSystem.Schema;

namespace Mycelium.GraphQL.Tests.Authorization;

/// <summary>
/// Who may read what: every field of the schema, requested by every caller over every transport, compared with <c>authorization.csv</c>.
/// </summary>
[Collection(ApiCollection.Name)]
public sealed class AuthorizationTests(ApiHost host)
{
    private static readonly string[] refusals = ["UNAUTHENTICATED", "FORBIDDEN"];

    /// <summary>Union members that only say that the object does not belong to the caller.</summary>
    private static readonly string[] refusingTypes = ["NotYourNode", "NameNotFound", "RentalNotFound", "ReservationNotFound"];

    private GraphQLSchema Schema => host.Replica.Get<IRequestExecutor>().Schema;

    [Fact]
    public void Every_field_of_a_walked_type_has_a_row_and_every_row_a_field() => Assert.Equal(
        ObjectTypes().Where(IsWalked).SelectMany(type => type.Fields, Name).Order(StringComparer.Ordinal),
        Matrix.Read().Fields.Order(StringComparer.Ordinal));

    /// <summary>Whoever may not use these fields never sees the type. A new way to a type shows in the snapshot.</summary>
    [Fact]
    public void Every_other_type_is_reachable_only_through_the_fields_in_the_snapshot()
    {
        Dictionary<string, string[]> carriers = Carriers();
        ObjectType[] carried = [.. ObjectTypes().Where(type => !IsWalked(type)).OrderBy(type => type.Name, StringComparer.Ordinal)];

        Assert.All(carried, type => Assert.NotEmpty(carriers[type.Name]));
        Snapshot.Match(string.Join('\n', carried.Select(type => $"{type.Name}: {string.Join(' ', carriers[type.Name])}")));
    }

    [Theory]
    [InlineData("HTTP")]
    [InlineData("WebSocket")]
    [InlineData("SSE")]
    public async Task Every_caller_gets_what_the_matrix_says_for_every_field(string transport)
    {
        var matrix = Matrix.Read();
        People people = await People.CreateAsync(host);
        var differences = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(people.Callers, async (caller, _) =>
        {
            using ITransport connection = ITransport.Open(transport, caller.Value);
            foreach (string field in matrix.Fields.Where(field => transport != "HTTP" || !field.StartsWith("Subscription.", StringComparison.Ordinal)))
            {
                string document = FieldDocument.Of(field, matrix.ArgumentsOf(field), Schema, people.Values, host.NewKey());
                string outcome = Outcome(field, await connection.FirstResultAsync(document));
                if (outcome != matrix[field, caller.Key])
                    differences.Add($"{field}, {caller.Key}: {outcome} and not {matrix[field, caller.Key]}");
            }
        });

        Assert.True(differences.IsEmpty, $"{transport}\n{string.Join('\n', differences.Order(StringComparer.Ordinal))}");
    }

    private IEnumerable<ObjectType> ObjectTypes() => Schema.Types.OfType<ObjectType>().Where(type => !type.Name.StartsWith("__", StringComparison.Ordinal));

    private static bool IsWalked(ObjectType type) => FieldDocument.Paths.ContainsKey(type.Name);

    private static string Name(ObjectType type, FieldDefinition field) => $"{type.Name}.{field.Name}";

    /// <summary>For each type that the matrix does not walk: the root fields that lead to it without another walked type in between.</summary>
    private Dictionary<string, string[]> Carriers()
    {
        var carriers = ObjectTypes().ToDictionary(type => type.Name, _ => new SortedSet<string>(StringComparer.Ordinal));
        foreach (ObjectType root in (ObjectType[])[Schema.QueryType, Schema.MutationType!, Schema.SubscriptionType!])
        {
            foreach (FieldDefinition field in root.Fields)
                Visit(field.Type.Named, Name(root, field), []);
        }
        foreach (ObjectType walked in ObjectTypes().Where(IsWalked))
        {
            foreach (FieldDefinition field in walked.Fields.Where(_ => walked.Name is not ("Query" or "Mutation" or "Subscription")))
                Visit(field.Type.Named, Name(walked, field), []);
        }
        return carriers.ToDictionary(type => type.Key, type => type.Value.ToArray());

        void Visit(NamedType type, string from, HashSet<NamedType> seen)
        {
            if (type is ScalarType or EnumType || FieldDocument.Paths.ContainsKey(type.Name) || !seen.Add(type))
                return;
            if (type is ObjectType reached)
                carriers[reached.Name].Add(from);
            foreach (ObjectType member in Schema.PossibleTypes(type))
                Visit(member, from, seen);
            foreach (FieldDefinition field in type is ObjectType { Fields: var fields } ? fields : Enumerable.Empty<FieldDefinition>())
                Visit(field.Type.Named, from, seen);
        }
    }

    private static string Outcome(string field, JsonElement result)
    {
        if (result.TryGetProperty("errors", out JsonElement errors))
        {
            string code = errors[0].GetProperty("extensions").GetProperty("code").GetString()!;
            return refusals.Contains(code) ? "refused" : $"{code} ({errors[0].GetProperty("message").GetString()})";
        }
        return Find(result.GetProperty("data")) switch
        {
            null or { ValueKind: JsonValueKind.Null } => "null",
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Null) => "null",
            { ValueKind: JsonValueKind.Number } count when field.EndsWith(".totalCount", StringComparison.Ordinal) && count.GetInt32() == 0 => "null",
            { ValueKind: JsonValueKind.Object } answer
                when answer.TryGetProperty("__typename", out JsonElement type) && refusingTypes.Contains(type.GetString()) => "refused",
            _ => "allowed",
        };
    }

    /// <summary>Finds the field, wherever it is in the response.</summary>
    private static JsonElement? Find(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when element.TryGetProperty("it", out JsonElement it) => it,
        JsonValueKind.Object => element.EnumerateObject().Select(member => Find(member.Value)).FirstOrDefault(found => found is not null),
        JsonValueKind.Array => element.EnumerateArray().Select(Find).FirstOrDefault(found => found is not null),
        _ => null,
    };
}
