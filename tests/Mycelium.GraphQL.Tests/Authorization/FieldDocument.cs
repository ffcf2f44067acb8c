using Mycelium.GraphQL.Engine.TypeSystem;
using GraphQLSchema = Mycelium.GraphQL.Engine.TypeSystem.Schema;

namespace Mycelium.GraphQL.Tests.Authorization;

/// <summary>Builds an operation that selects one field under the alias <c>it</c>.</summary>
internal static class FieldDocument
{
    /// <summary>
    /// For each type whose fields the matrix walks, a path to an object of it. FIELD stands for the field with its arguments and selection.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Paths = new Dictionary<string, string>
    {
        ["Query"] = "{ FIELD }",
        ["Mutation"] = "mutation { FIELD }",
        ["Subscription"] = "subscription { FIELD }",
        ["Account"] = "{ me { FIELD } }",
        ["Wallet"] = "{ me { wallet { FIELD } } }",
        ["WalletEntriesConnection"] =
            "{ me { wallet { entries(first: 1, where: { rentalId: { eq: \"$ended\" }, kind: { eq: RENTAL_CHARGE } }) { FIELD } } } }",
        ["WalletEntriesEdge"] =
            "{ me { wallet { entries(first: 1, where: { rentalId: { eq: \"$ended\" }, kind: { eq: RENTAL_CHARGE } }) { edges { FIELD } } } } }",
        ["WalletEntry"] =
            "{ me { wallet { entries(first: 1, where: { rentalId: { eq: \"$ended\" }, kind: { eq: RENTAL_CHARGE } }) { nodes { FIELD } } } } }",
        ["WalletStatement"] = "{ me { wallet { statement(month: \"2001-01\") { FIELD } } } }",
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
        ["AuditEntriesConnection"] = "{ auditEntries(first: 1) { FIELD } }",
        ["AuditEntriesEdge"] = "{ auditEntries(first: 1) { edges { FIELD } } }",
        ["AuditEntry"] = "{ auditEntries(first: 1, where: { action: { eq: FUNDS_DEPOSITED } }) { nodes { FIELD } } }",
        ["Rental"] = "{ node(id: \"$ended\") { ... on Rental { FIELD } } }",
        ["RentalsConnection"] = "{ rentals(first: 1, where: { version: { gte: 0 } }) { FIELD } }",
        ["RentalsEdge"] = "{ rentals(first: 1) { edges { FIELD } } }",
        ["NotificationsConnection"] = "{ notifications(first: 1) { FIELD } }",
        ["NotificationsEdge"] = "{ notifications(first: 1) { edges { FIELD } } }",
        ["Notification"] = "{ node(id: \"$notification\") { ... on Notification { FIELD } } }",
        ["RentalQuoted"] = "{ rentalQuote(input: { sliceCombinationId: \"$offered\", term: { hours: 24 } }) { ... on RentalQuoted { FIELD } } }",
        ["Quote"] = "{ rentalQuote(input: { sliceCombinationId: \"$offered\", term: { hours: 24 } }) { ... on RentalQuoted { quote { FIELD } } } }",
        ["QuoteLine"] =
            "{ rentalQuote(input: { sliceCombinationId: \"$offered\", term: { months: 1 } }) { ... on RentalQuoted { quote { lines { FIELD } } } } }",
        ["RentalTerm"] =
            "{ rentalQuote(input: { sliceCombinationId: \"$offered\", term: { months: 1 } }) { ... on RentalQuoted { quote { term { FIELD } } } } }",
    };

    /// <param name="field">Its type and name, separated by a dot.</param>
    /// <param name="arguments">The arguments of the field, with their parentheses.</param>
    /// <param name="schema">The schema of the field.</param>
    /// <param name="values">The values to substitute for <c>$name</c>.</param>
    /// <param name="key">A new idempotency key.</param>
    public static string Of(string field, string arguments, GraphQLSchema schema, IReadOnlyDictionary<string, string> values, string key)
    {
        string[] names = field.Split('.');
        FieldDefinition definition = schema.FindType<ObjectType>(names[0])!.Fields.Single(candidate => candidate.Name == names[1]);
        string selection = definition.Type.Named is ScalarType or EnumType ? "" : " { __typename }";
        string document = Paths[names[0]]
            .Replace("FIELD", $"it: {names[1]}{arguments}{selection}", StringComparison.Ordinal)
            .Replace("$key", key, StringComparison.Ordinal);
        foreach ((string name, string value) in values.OrderByDescending(value => value.Key.Length))
            document = document.Replace($"${name}", value, StringComparison.Ordinal);
        return document;
    }
}
