using System.Collections.Concurrent;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Tests.Hosting;
using GraphQLSchema = Mycelium.GraphQL.Engine.TypeSystem.Schema;

namespace Mycelium.GraphQL.Tests.Authorization;

/// <summary>Who gets what: every field of the schema, asked for by everybody over every transport, against <c>authorization.csv</c>.</summary>
[Collection(ApiCollection.Name)]
public sealed class AuthorizationTests(ApiHost host)
{
    /// <summary>How an object of each type is reached whose fields the matrix walks. FIELD is the field, with its arguments and what is selected of it.</summary>
    private static readonly Dictionary<string, string> paths = new()
    {
        ["Query"] = "{ FIELD }",
        ["Mutation"] = "mutation { FIELD }",
        ["Subscription"] = "subscription { FIELD }",
        ["Account"] = "{ me { FIELD } }",
        ["Wallet"] = "{ me { wallet { FIELD } } }",
        ["Grid"] = "{ grids { FIELD } }",
        ["GridNode"] = "{ gridNode($offeredNode) { FIELD } }",
        ["GridNodesConnection"] = "{ gridNodes(first: 1) { FIELD } }",
        ["GridNodesEdge"] = "{ gridNodes(first: 1) { edges { FIELD } } }",
        ["Gpu"] = "{ gridNode($offeredNode) { gpus { FIELD } } }",
        ["Farm"] = "{ node(id: \"$farm\") { ... on Farm { FIELD } } }",
        ["FarmsConnection"] = "{ farms(first: 1) { FIELD } }",
        ["FarmsEdge"] = "{ farms(first: 1) { edges { FIELD } } }",
        ["PageInfo"] = "{ farms(first: 1) { pageInfo { FIELD } } }",
        ["SliceCombination"] = "{ node(id: \"$offered\") { ... on SliceCombination { FIELD } } }",
        ["SliceCombinationsConnection"] = "{ sliceCombinations(first: 1) { FIELD } }",
        ["SliceCombinationsEdge"] = "{ sliceCombinations(first: 1) { edges { FIELD } } }",
        ["GridFlawsConnection"] = "{ gridFlaws(first: 1) { FIELD } }",
        ["GridFlawsEdge"] = "{ gridFlaws(first: 1) { edges { FIELD } } }",
        ["GridFlaw"] = "{ gridFlaws(first: 1) { nodes { FIELD } } }",
        ["Rental"] = "{ node(id: \"$ended\") { ... on Rental { FIELD } } }",
        ["RentalsConnection"] = "{ rentals(first: 1, where: { version: { gte: 0 } }) { FIELD } }",
        ["RentalsEdge"] = "{ rentals(first: 1) { edges { FIELD } } }",
        ["RentalQuoted"] = "{ rentalQuote(input: { sliceCombinationId: \"$offered\", term: { hours: 24 } }) { ... on RentalQuoted { FIELD } } }",
        ["Quote"] = "{ rentalQuote(input: { sliceCombinationId: \"$offered\", term: { hours: 24 } }) { ... on RentalQuoted { quote { FIELD } } } }",
        ["QuoteLine"] = "{ rentalQuote(input: { sliceCombinationId: \"$offered\", term: { months: 1 } }) { ... on RentalQuoted { quote { lines { FIELD } } } } }",
        ["RentalWish"] = "{ rentalQuote(input: { sliceCombinationId: \"$offered\", term: { hours: 24 } }) { ... on RentalQuoted { quote { wish { FIELD } } } } }",
        ["RentalTerm"] = "{ rentalQuote(input: { sliceCombinationId: \"$offered\", term: { months: 1 } }) { ... on RentalQuoted { quote { wish { term { FIELD } } } } } }",
    };

    /// <summary>Of fields that need some, or that show more with them. Mutations do what was done already, so that they may be sent again and again.</summary>
    private static readonly Dictionary<string, string> arguments = new()
    {
        ["Query.node"] = "id: \"$rental\"",
        ["Query.nodes"] = "ids: [\"$rental\"]",
        ["Query.gridNode"] = "gridId: $node",
        ["Query.farms"] = "first: 1",
        ["Query.gridFlaws"] = "first: 1",
        ["Query.gridNodes"] = "first: 1",
        ["Query.sliceCombinations"] = "first: 1",
        ["Query.rentals"] = "first: 1",
        ["Query.rentalQuote"] = "input: { sliceCombinationId: \"$offered\", term: { hours: 24 } }",
        ["Mutation.depositFunds"] = "input: { accountId: \"$renter\", amount: 1, idempotencyKey: \"$key\" }",
        ["Mutation.linkFarmerTwin"] = "input: { twinId: $ownTwin, accountId: \"$farmer\" }",
        ["Mutation.unlinkFarmerTwin"] = "input: { twinId: 999999 }",
        ["Mutation.confirmGridShrink"] = "input: { remainingCount: 1 }",
        ["Mutation.publishNode"] = "input: { gridId: $node }",
        ["Mutation.registerNode"] = "input: { gridId: $node, idempotencyKey: \"$key\" }",
        ["Mutation.setNodePricing"] = "input: { gridId: $node, pricePerSlice: \"0.015\" }",
        ["Mutation.unpublishNode"] = "input: { gridId: $node }",
        ["Mutation.grantPartner"] = "input: { accountId: \"$otherRenter\" }",
        ["Mutation.revokePartner"] = "input: { accountId: \"$otherRenter\" }",
        ["Mutation.registerOperations"] = "input: { documents: [\"{ grids { name } }\"], idempotencyKey: \"$key\" }",
        ["Mutation.cancelRental"] = "input: { rentalId: \"$ended\", idempotencyKey: \"$key\" }",
        ["Mutation.rentSlices"] = "input: { sliceCombinationId: \"$combination\", term: { hours: 1 }, sshPublicKey: \"$sshKey\", idempotencyKey: \"$key\" }",
        ["Subscription.onSliceCombinationsChanged"] = "where: { multiplier: { eq: 0 } }",
        ["Subscription.onGridNodeChanged"] = "where: { gridId: { eq: 0 } }",
    };

    private static readonly string[] refusals = ["UNAUTHENTICATED", "FORBIDDEN"];

    /// <summary>Members of unions that say no more than that it is not the caller's.</summary>
    private static readonly string[] refusingTypes = ["NotYourNode", "RentalNotFound"];

    private GraphQLSchema Schema => host.Replica.Get<IRequestExecutor>().Schema;

    [Fact]
    public void Every_field_has_a_row_and_every_row_a_field() =>
        Assert.Equal(ObjectTypes().SelectMany(type => type.Fields, Name).Order(StringComparer.Ordinal), Matrix.Read().Fields.Order(StringComparer.Ordinal));

    [Fact]
    public void What_no_row_walks_is_held_by_the_answers_of_its_row_alone()
    {
        Dictionary<string, string[]> reached = Carriers();
        string[] expected = [.. ObjectTypes().Where(type => !paths.ContainsKey(type.Name))
            .SelectMany(type => type.Fields, (type, field) => $"{Name(type, field)},as {string.Join(' ', reached[type.Name])}").Order(StringComparer.Ordinal)];
        string[] rows = [.. Matrix.Read().Carried.Select(row => $"{row.Key},as {string.Join(' ', row.Value)}").Order(StringComparer.Ordinal)];

        Assert.True(expected.SequenceEqual(rows), $"The schema says\n{string.Join('\n', expected.Except(rows))}");
    }

    [Theory]
    [InlineData("HTTP")]
    [InlineData("WebSocket")]
    [InlineData("SSE")]
    public async Task Everybody_gets_of_every_field_what_the_matrix_says(string transport)
    {
        var matrix = Matrix.Read();
        People people = await People.MeetAsync(host);
        var differences = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(people.Callers, async (caller, _) =>
        {
            using ITransport way = ITransport.Open(transport, caller.Value);
            foreach (string field in matrix.Walked.Where(field => transport != "HTTP" || !field.StartsWith("Subscription.", StringComparison.Ordinal)))
            {
                string outcome = Outcome(field, await way.FirstResultAsync(Document(field, people)));
                if (outcome != matrix[field, caller.Key])
                    differences.Add($"{field}, {caller.Key}: {outcome} and not {matrix[field, caller.Key]}");
            }
        });

        Assert.True(differences.IsEmpty, $"{transport}\n{string.Join('\n', differences.Order(StringComparer.Ordinal))}");
    }

    private IEnumerable<ObjectType> ObjectTypes() => Schema.Types.OfType<ObjectType>().Where(type => !type.Name.StartsWith("__", StringComparison.Ordinal));

    private static string Name(ObjectType type, FieldDefinition field) => $"{type.Name}.{field.Name}";

    /// <summary>Of each type that the matrix does not walk: the roots' fields that lead to it without another walked type between.</summary>
    private Dictionary<string, string[]> Carriers()
    {
        var carriers = ObjectTypes().ToDictionary(type => type.Name, _ => new SortedSet<string>(StringComparer.Ordinal));
        foreach (ObjectType root in (ObjectType[])[Schema.QueryType, Schema.MutationType!, Schema.SubscriptionType!])
        {
            foreach (FieldDefinition field in root.Fields)
                Visit(field.Type.Named, Name(root, field), []);
        }
        foreach (ObjectType walked in ObjectTypes().Where(type => paths.ContainsKey(type.Name)))
        {
            foreach (FieldDefinition field in walked.Fields.Where(_ => walked.Name is not ("Query" or "Mutation" or "Subscription")))
                Visit(field.Type.Named, Name(walked, field), []);
        }
        return carriers.ToDictionary(type => type.Key, type => type.Value.ToArray());

        void Visit(NamedType type, string from, HashSet<NamedType> seen)
        {
            if (type is ScalarType or EnumType || paths.ContainsKey(type.Name) || !seen.Add(type))
                return;
            if (type is ObjectType reached)
                carriers[reached.Name].Add(from);
            foreach (ObjectType member in Schema.PossibleTypes(type))
                Visit(member, from, seen);
            foreach (FieldDefinition field in type is ObjectType { Fields: var fields } ? fields : Enumerable.Empty<FieldDefinition>())
                Visit(field.Type.Named, from, seen);
        }
    }

    private string Document(string field, People people)
    {
        string[] names = field.Split('.');
        FieldDefinition definition = Schema.FindType<ObjectType>(names[0])!.Fields.Single(candidate => candidate.Name == names[1]);
        string given = arguments.TryGetValue(field, out string? text) ? $"({text})" : "";
        string selection = definition.Type.Named is ScalarType or EnumType ? "" : " { __typename }";
        string document = paths[names[0]].Replace("FIELD", $"it: {names[1]}{given}{selection}", StringComparison.Ordinal).Replace("$key", host.NewKey(), StringComparison.Ordinal);
        foreach ((string name, string value) in people.Values.OrderByDescending(value => value.Key.Length))
            document = document.Replace($"${name}", value, StringComparison.Ordinal);
        return document;
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
            { ValueKind: JsonValueKind.Object } answer when answer.TryGetProperty("__typename", out JsonElement type) && refusingTypes.Contains(type.GetString()) => "refused",
            _ => "allowed",
        };
    }

    /// <summary>The field, wherever it is in the answer.</summary>
    private static JsonElement? Find(JsonElement place) => place.ValueKind switch
    {
        JsonValueKind.Object when place.TryGetProperty("it", out JsonElement it) => it,
        JsonValueKind.Object => place.EnumerateObject().Select(member => Find(member.Value)).FirstOrDefault(found => found is not null),
        JsonValueKind.Array => place.EnumerateArray().Select(Find).FirstOrDefault(found => found is not null),
        _ => null,
    };
}
