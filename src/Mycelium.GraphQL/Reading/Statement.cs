using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Postgres.Reading;
using Npgsql;

namespace Mycelium.GraphQL.Reading;

/// <summary>One statement that is being sent, and what becomes of its rows.</summary>
internal abstract class Statement(NpgsqlBatchCommand command)
{
    private bool hasBegun;

    /// <summary>The command to send. A retry uses a copy, because a command keeps state of its connection, and drops the rows of the first attempt.</summary>
    public NpgsqlBatchCommand Begin()
    {
        if (hasBegun)
        {
            var copy = new NpgsqlBatchCommand(command.CommandText);
            foreach (NpgsqlParameter parameter in command.Parameters)
                copy.Parameters.Add(parameter.Clone());
            command = copy;
            Forget();
        }
        hasBegun = true;
        return command;
    }

    /// <summary>Drops the rows taken so far.</summary>
    protected abstract void Forget();

    /// <summary>Takes the current row.</summary>
    public abstract void Take(NpgsqlDataReader row);

    /// <summary>Completes the task of <see cref="Statement{T}.Shared"/>.</summary>
    /// <param name="failure">Why rows are missing; null if all were read.</param>
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

    /// <summary>The rows taken so far.</summary>
    public StoreRows<T> Rows =>
        new([.. items], lists ?? (IReadOnlyList<int>)(query.Keys is null ? [] : new int[items.Count]), totalCount);

    /// <summary>The rows, once all have been read, for a statement that is sent together with others.</summary>
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
