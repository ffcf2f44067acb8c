using System.Security.Claims;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Partners;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Partners;

namespace Mycelium.GraphQL.Partners;

/// <summary>The documents to register.</summary>
/// <param name="Documents">
/// GraphQL documents, each with the fragments that it uses. They run exactly as sent, and every character affects the ID, including white
/// space.
/// </param>
/// <param name="IdempotencyKey">8 to 64 visible ASCII characters, such as a UUID.</param>
public sealed record RegisterOperationsInput(IReadOnlyList<string> Documents, [IdempotencyKey] string IdempotencyKey);

[MutationType]
public static class RegisterOperationsMutation
{
    /// <summary>
    /// Stores documents, which the caller's programs can then run by their IDs, with <c>documentId</c> instead of <c>query</c>. Either all
    /// of them are stored or none. A document never changes, and only the account that registered it can run it by its ID.
    /// </summary>
    [Authorize(Roles = [Roles.Partner])]
    [GraphQLName("registerOperations")]
    public static async Task<IRegisterOperationsResult> Execute(
        RegisterOperationsInput input, ClaimsPrincipal user, Schema schema, IOptions<RequestOptions> options, RegisterOperations register,
        PartnerDocumentStorage storage, CancellationToken cancellation)
    {
        AccountId partner = user.RequiredAccountId();
        IdempotencyKey key = IdempotencyKey.Parse(input.IdempotencyKey);
        if (register.RefuseAtOnce(input.Documents) is { } tooMuch)
            return tooMuch;

        DocumentText[] documents = [.. input.Documents.Select(text => new DocumentText(OperationDocument.HashOf(text), text))];
        DocumentFault[] faults =
        [
            .. documents.SelectMany((document, index) => OperationDocument.Check(document.Text, schema, options.Value).Select(error => Fault(index, error)))
                .Take(Limits.DocumentFaultsMax),
        ];
        IRegisterOperationsResult result = await register.Execute(partner, documents, faults, key, cancellation);
        if (result is OperationsRegistered)
            storage.Forget(partner, documents.Select(document => document.Hash));
        return result;
    }

    private static DocumentFault Fault(int index, GraphQLError error) => error.Locations is [var at, ..]
        ? new DocumentFault(index, error.Code, error.Message, at.Line, at.Column)
        : new DocumentFault(index, error.Code, error.Message, null, null);
}
