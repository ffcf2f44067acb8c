using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Partners;

/// <summary>The possible results of making an account a partner.</summary>
public interface IGrantPartnerResult;

/// <summary>The possible results of revoking the partner role.</summary>
public interface IRevokePartnerResult;

/// <summary>An account became a partner, or is no longer one.</summary>
public interface IPartnerChange
{
    AccountId AccountId { get; }
}

/// <summary>The possible results of registering operations.</summary>
public interface IRegisterOperationsResult;

/// <summary>The account is a partner. It may register operations as soon as it signs in again or refreshes its token.</summary>
public sealed record PartnerGranted(AccountId AccountId) : IGrantPartnerResult, IPartnerChange;

/// <summary>The account is no longer a partner. This applies from its next request, even on an open socket or with a token from before.</summary>
public sealed record PartnerRevoked(AccountId AccountId) : IRevokePartnerResult, IPartnerChange;

/// <summary>The account that registered the documents can now run them by their IDs.</summary>
/// <param name="Documents">The documents in the order in which they were sent.</param>
public sealed record OperationsRegistered(IReadOnlyList<RegisteredDocument> Documents) : IRegisterOperationsResult;

/// <summary>A document that can be run by its ID.</summary>
/// <param name="DocumentId">What requests send as <c>documentId</c>: <c>sha256:</c> followed by the SHA-256 of the text in hex.</param>
/// <param name="ByteCount">The length of the text in UTF-8 bytes.</param>
public sealed record RegisteredDocument(string DocumentId, int ByteCount);

/// <summary>Some documents are not valid for the schema. None was registered.</summary>
/// <param name="Faults">What is wrong, in the order of the documents.</param>
public sealed record OperationsInvalid(IReadOnlyList<DocumentFault> Faults) : IRegisterOperationsResult, IProblem
{
    public string Message => $"Nothing was registered: document {Faults[0].DocumentIndex} (counting from 0) is not valid. Fix the faults listed.";
    public ProblemCode Code => ProblemCode.OperationsInvalid;
}

/// <summary>A reason why a document cannot be run.</summary>
/// <param name="DocumentIndex">The document's position in the input, from 0.</param>
/// <param name="ErrorCode">The error code that a request with this document would get.</param>
/// <param name="Message">What is wrong, for people to read.</param>
/// <param name="Line">The line in the document, from 1; null if the fault concerns the whole document.</param>
/// <param name="Column">The column in the line, from 1.</param>
public sealed record DocumentFault(int DocumentIndex, string ErrorCode, string Message, int? Line, int? Column);

/// <summary>With these documents the partner would have too many, or too large ones. None was registered.</summary>
/// <param name="DocumentCount">The partner's documents, including the new ones.</param>
/// <param name="DocumentCountMax">How many documents a partner may have.</param>
/// <param name="ByteCount">The total size of their texts in bytes.</param>
/// <param name="ByteCountMax">The total size that a partner's texts may have, in bytes.</param>
public sealed record DocumentQuotaExceeded(int DocumentCount, int DocumentCountMax, long ByteCount, long ByteCountMax) : IRegisterOperationsResult, IProblem
{
    public string Message =>
        $"A partner can have at most {DocumentCountMax} documents with {ByteCountMax} bytes in total; "
        + $"with these, you would have {DocumentCount} with {ByteCount} bytes.";

    public ProblemCode Code => ProblemCode.DocumentQuotaExceeded;
}
