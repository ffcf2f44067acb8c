using Mycelium.Domain.Units;

namespace Mycelium.Domain.Billing;

/// <summary>What happened to a wallet in one calendar month. The opening balance and the amounts of all lines add up to the closing balance.</summary>
/// <param name="Month">Such as <c>2026-11</c>.</param>
/// <param name="From">The first instant of the month, in UTC.</param>
/// <param name="To">The first instant of the next month. Until then the statement grows.</param>
/// <param name="OpeningBalance">What the wallet held when the month began.</param>
/// <param name="ClosingBalance">What it held when the month ended, or holds now.</param>
/// <param name="Lines">One for each kind of entry that the month has.</param>
public sealed record WalletStatement(
    string Month, DateTimeOffset From, DateTimeOffset To, MicroUsd OpeningBalance, MicroUsd ClosingBalance, IReadOnlyList<WalletStatementLine> Lines);

/// <summary>All entries of one kind in a month.</summary>
/// <param name="Kind">Why the money moved.</param>
/// <param name="Count">How many entries.</param>
/// <param name="Amount">Their sum: what came in less what left.</param>
public sealed record WalletStatementLine(LedgerEntryKind Kind, int Count, MicroUsd Amount);
