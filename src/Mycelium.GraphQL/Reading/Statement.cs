using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Postgres.Reading;
using Npgsql;

namespace Mycelium.GraphQL.Reading;

/// <summary>One statement on its way, and what becomes of its rows.</summary>
internal abstract class Statement(NpgsqlBatchCommand command)
{
    private bool hasBegun;

    /// <summary>What is sent. The second time it is a copy, since a command keeps what it knew of its connection, and the rows of the first time are forgotten.</summary>
    public NpgsqlBatchCommand Begin()
    {
        if (hasBegun)
        {
            var again = new NpgsqlBatchCommand(command.CommandText);
            foreach (NpgsqlParameter parameter in command.Parameters)
                again.Parameters.Add(parameter.Clone());
            command = again;
            Forget();
        }
        hasBegun = true;
        return command;
    }

    /// <summary>Drops the rows that were kept.</summary>
    protected abstract void Forget();

    /// <summary>Keeps the row at hand.</summary>
    public abstract void Take(NpgsqlDataReader row);

    /// <summary>Tells who waits for <see cref="Statement{T}.Shared"/>.</summary>
    /// <param name="failure">Why it has not all rows; null when it has.</param>
    public abstract void End(Exception? failure);
}

/// <inheritdoc/>
internal sealed class Statement<T>(NpgsqlBatchCommand command, RowShape<T> shape, ListFinder? finder, StoreQuery<T> query) : Statement(command)
{
    private readonly Func<NpgsqlDataReader, T> read = shape.Reader();
    private readonly List<T> items = [];
    private readonly List<int>? lists = finder is null ? null : [];
    private int? totalCount;
    private TaskCompletionSource<StoreRows<T>>? waiting;

    /// <summary>The rows that have been taken.</summary>
    public StoreRows<T> Rows => new([.. items], lists ?? (IReadOnlyList<int>)(query.Keys is null ? [] : new int[items.Count]), totalCount);

    /// <summary>The rows once all are there, for a statement that is sent along with others.</summary>
    public Task<StoreRows<T>> Shared() => (waiting = new TaskCompletionSource<StoreRows<T>>()).Task;

    public override void Take(NpgsqlDataReader row)
    {
        items.Add(read(row));
        if (query.HasTotalCount)
            totalCount ??= row.GetInt32(shape.ColumnCount);
        lists?.Add(finder!.Find(row));
    }

    protected override void Forget()
    {
        items.Clear();
        lists?.Clear();
        totalCount = null;
    }

    public override void End(Exception? failure)
    {
        if (failure is OperationCanceledException cancelled)
            waiting!.SetCanceled(cancelled.CancellationToken);
        else if (failure is not null)
            waiting!.SetException(failure);
        else
            waiting!.SetResult(Rows);
    }
}
