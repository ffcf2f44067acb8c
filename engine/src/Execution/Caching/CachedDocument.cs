using System.Collections.Concurrent;
using System.Security.Claims;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A parsed and validated document with its compiled operations, for all requests with the same text.</summary>
internal sealed class CachedDocument
{
    private readonly ConcurrentDictionary<OperationDefinitionNode, CompiledOperation> compiled = [];
    private readonly ConcurrentDictionary<OperationDefinitionNode, IReadOnlySet<string>> operands = [];
    private readonly DocumentNode document;
    private readonly Func<DocumentNode, bool, IReadOnlyList<GraphQLError>> validate;
    private readonly IReadOnlyList<GraphQLError> plainErrors;
    private readonly GraphQLError? introspection;
    private IReadOnlyList<GraphQLError>? suggestiveErrors;
    private string? hash;

    /// <param name="text">As received.</param>
    /// <param name="document">Parsed.</param>
    /// <param name="validate">Returns the document's validation errors, with or without suggestions.</param>
    public CachedDocument(string text, DocumentNode document, Func<DocumentNode, bool, IReadOnlyList<GraphQLError>> validate)
    {
        Text = text;
        this.document = document;
        this.validate = validate;
        plainErrors = validate(document, false);
        introspection = IntrospectionUse.Find(document);
    }

    public string Text { get; }

    /// <inheritdoc cref="OperationDocument.Hash"/>
    public string Hash => hash ??= OperationDocument.HashOf(Text);

    /// <summary>Whether no rule is broken. A caller may still not be allowed to run it.</summary>
    public bool IsValid => plainErrors.Count == 0;

    /// <summary>
    /// Why a request of this user is refused; empty when it is not. The errors are cached separately for each kind of caller, so that nobody sees a
    /// suggestion meant for another, or is refused what only another may not query.
    /// </summary>
    public IReadOnlyList<GraphQLError> ErrorsFor(ClaimsPrincipal user, Func<ClaimsPrincipal, bool> allowsIntrospection)
    {
        if (plainErrors.Count == 0 && introspection is null)
            return plainErrors;
        if (allowsIntrospection(user))
            return plainErrors.Count == 0 ? plainErrors : suggestiveErrors ??= validate(document, true);
        return plainErrors.Count == 0 ? [introspection!] : plainErrors;
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#GetOperation()"/></summary>
    /// <param name="name">Null or empty for the only operation: no operation has an empty name.</param>
    /// <exception cref="GraphQLException">There is no such operation, or more than one.</exception>
    public OperationDefinitionNode OperationNamed(string? name)
    {
        bool isAny = string.IsNullOrEmpty(name);
        OperationDefinitionNode? found = null;
        foreach (OperationDefinitionNode operation in document.Definitions.OfType<OperationDefinitionNode>())
        {
            if (!isAny && operation.Name != name)
                continue;
            if (found is not null)
                throw new GraphQLException("The document has several operations; choose one by its name.", ErrorCodes.OperationResolutionFailure);
            found = operation;
        }
        return found ?? throw new GraphQLException(
            isAny ? "The document has no operation." : $"The document has no operation named {name}.", ErrorCodes.OperationResolutionFailure);
    }

    /// <summary>The variables of an operation that are only used in comparisons, wherever they appear.</summary>
    public IReadOnlySet<string> OperandsOf(OperationDefinitionNode operation, Schema schema) =>
        operands.GetOrAdd(operation, (added, all) => OperandVariables.Of(all, document, added), schema);

    public CompiledOperation Compiled(OperationDefinitionNode operation, Func<DocumentNode, OperationDefinitionNode, CompiledOperation> compile) =>
        compiled.TryGetValue(operation, out CompiledOperation? known) ? known : compiled.GetOrAdd(operation, compile(document, operation));
}
