using Mycelium.Domain.Accounts;

namespace Mycelium.Domain.Partners;

/// <summary>Everything that making an account a partner can lead to.</summary>
public interface IGrantPartnerResult;

/// <summary>Everything that making a partner an account like any other can lead to.</summary>
public interface IRevokePartnerResult;

/// <summary>An account has become a partner, or is one no more.</summary>
public interface IPartnerChange
{
    AccountId AccountId { get; }
}

/// <summary>Everything that registering operations can lead to.</summary>
public interface IRegisterOperationsResult;

/// <summary>The account is a partner: it may register operations, from the next token on that it signs in for or refreshes.</summary>
public sealed record PartnerGranted(AccountId AccountId) : IGrantPartnerResult, IPartnerChange;

/// <summary>The account is no partner, from its next request on, also with a token that says so and on a socket that is open.</summary>
public sealed record PartnerRevoked(AccountId AccountId) : IRevokePartnerResult, IPartnerChange;

/// <summary>The documents can be run by their ids from now on, by the account that registered them.</summary>
/// <param name="Documents">As many as were sent, in their order.</param>
public sealed record OperationsRegistered(IReadOnlyList<RegisteredDocument> Documents) : IRegisterOperationsResult;

/// <summary>A document that can be run by its id.</summary>
/// <param name="DocumentId">What requests send as <c>documentId</c>: <c>sha256:</c> and the SHA-256 of the text in hex.</param>
/// <param name="ByteCount">Bytes of the text in UTF-8.</param>
public sealed record RegisteredDocument(string DocumentId, int ByteCount);

/// <summary>Some documents cannot be run against the schema; none was registered.</summary>
/// <param name="Faults">What is wrong, document by document.</param>
public sealed record OperationsInvalid(IReadOnlyList<DocumentFault> Faults) : IRegisterOperationsResult, IProblem
{
    public string Message => $"Nothing was registered: document {Faults[0].DocumentIndex} (counting from 0) cannot run. Fix what the faults describe.";
    public ProblemCode Code => ProblemCode.OperationsInvalid;
}

/// <summary>Something for which a document cannot be run.</summary>
/// <param name="DocumentIndex">The position in the input, from 0.</param>
/// <param name="ErrorCode">The code that a request with this document would be answered with.</param>
/// <param name="Message">What is wrong, for people.</param>
/// <param name="Line">Where in the document, from 1; null where it is about the document as a whole.</param>
/// <param name="Column">Where in the line, from 1.</param>
public sealed record DocumentFault(int DocumentIndex, string ErrorCode, string Message, int? Line, int? Column);

/// <summary>The documents would be more, or larger, than a partner may have; none was registered.</summary>
/// <param name="DocumentCount">Documents of the partner, with the new ones.</param>
/// <param name="DocumentCountMax">Documents that a partner may have.</param>
/// <param name="ByteCount">Bytes of their texts.</param>
/// <param name="ByteCountMax">Bytes that their texts may have together.</param>
public sealed record DocumentQuotaExceeded(int DocumentCount, int DocumentCountMax, long ByteCount, long ByteCountMax) : IRegisterOperationsResult, IProblem
{
    public string Message =>
        $"A partner has at most {DocumentCountMax} documents of {ByteCountMax} bytes together; with these there would be {DocumentCount} of {ByteCount} bytes.";

    public ProblemCode Code => ProblemCode.DocumentQuotaExceeded;
}
