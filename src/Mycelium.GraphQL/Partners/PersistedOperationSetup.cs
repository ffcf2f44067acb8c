using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Partners;

public static class PersistedOperationSetup
{
    /// <summary>The ID of the document with which partners register others, even if they may not send documents.</summary>
    internal const string RegisterOperationsId = "register-operations";

    private const string RegisterOperationsText = """
        mutation RegisterOperations($input: RegisterOperationsInput!) {
          registerOperations(input: $input) {
            __typename
            ... on OperationsRegistered { documents { documentId byteCount } }
            ... on OperationsInvalid { faults { documentIndex errorCode message line column } }
            ... on DocumentQuotaExceeded { documentCount documentCountMax byteCount byteCountMax }
            ... on Problem { message code }
          }
        }
        """;

    /// <summary>
    /// Adds the documents in the folder, those of partners, and those that Apollo clients send with their hash, and decides who may run
    /// other documents.
    /// </summary>
    public static void AddPersistedOperations(this WebApplicationBuilder builder, GraphQLServerBuilder schema)
    {
        PersistedOperationSettings settings = builder.Configuration.GetSection(PersistedOperationSettings.Section).Get<PersistedOperationSettings>() ?? new();
        schema.AddOperationDocumentStorage(new OperationDocumentList([KeyValuePair.Create(RegisterOperationsId, RegisterOperationsText)]));
        if (settings.Folder.Length > 0)
            schema.AddFileSystemOperationDocumentStorage(settings.Folder);
        builder.Services.AddSingleton<PartnerDocumentStorage>();
        builder.Services.AddSingleton<IOperationDocumentStorage>(provider => provider.GetRequiredService<PartnerDocumentStorage>());
        schema.UseAutomaticPersistedOperationPipeline().ModifyRequestOptions(options =>
        {
            options.PersistedOperations.OnlyAllowPersistedDocuments = settings.OnlyForAnonymous || settings.OnlyForPartners;
            options.PersistedOperations.AllowNonPersistedOperation = request => !IsRestricted(request.User, settings);
        });
    }

    private static bool IsRestricted(ClaimsPrincipal user, PersistedOperationSettings settings) => user.AccountId() is null
        ? settings.OnlyForAnonymous
        : settings.OnlyForPartners && user.IsInRole(Roles.Partner);
}
