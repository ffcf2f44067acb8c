using Mycelium.Domain.Billing;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Events;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Billing;

/// <summary>Everything that <c>onWalletChanged</c> delivers.</summary>
[UnionType("WalletMessage", Members = [typeof(StreamReset), typeof(StreamBookmark)])]
public interface IWalletMessage : IStreamEvent;

/// <summary>The caller's wallet at the start of the stream.</summary>
/// <param name="Cursor">Where the stream continues.</param>
/// <param name="Wallet">As it was then.</param>
/// <param name="IsFirst">Always true: a wallet is one message.</param>
/// <param name="IsLast">Always true.</param>
public sealed record WalletSnapshot(string Cursor, Wallet Wallet, bool IsFirst, bool IsLast) : IWalletMessage;

/// <summary>Money came into the caller's wallet or left it.</summary>
/// <param name="Cursor">Where the stream is.</param>
/// <param name="Reason">Always that the wallet changed; why the money moved is the entry's kind.</param>
/// <param name="Entry">What moved, with the balance afterwards.</param>
public sealed record WalletChanged(string Cursor, ChangeReason Reason, WalletEntry Entry) : IChangeEvent, IWalletMessage;
