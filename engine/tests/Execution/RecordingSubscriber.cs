using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.Tests.Transport;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>One subscriber: accepts what is pushed while it has room, and reads the rest.</summary>
internal sealed class RecordingSubscriber(int loseRoomEvery) : IResultReceiver
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<string> texts = [];
    private Task reading = Task.CompletedTask;
    private int offeredCount;

    public bool HasRoom { get; set; }
    public int ReadCount { get; private set; }
    public int PushedCount { get; private set; }
    public CancellationToken Cancellation => stop.Token;
    public Task Ended => reading;

    public int Count
    {
        get
        {
            lock (texts)
                return texts.Count;
        }
    }

    public string[] Texts
    {
        get
        {
            lock (texts)
                return [.. texts];
        }
    }

    public bool TryReceive(OperationResult result)
    {
        if (!HasRoom || (loseRoomEvery > 0 && ++offeredCount % loseRoomEvery == 0))
            return false;
        PushedCount++;
        Add(result);
        return true;
    }

    public void Start(ResponseStream stream) => reading = ReadAsync(stream);

    public async Task EndAsync()
    {
        await stop.CancelAsync();
        await reading.WithinDeadlineAsync();
        stop.Dispose();
    }

    private async Task ReadAsync(ResponseStream stream)
    {
        try
        {
            await foreach (OperationResult result in stream.ReadResultsAsync(this))
            {
                using (result)
                {
                    ReadCount++;
                    Add(result);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The test has received enough.
        }
    }

    private void Add(OperationResult result)
    {
        lock (texts)
            texts.Add(TestEngine.Text(result));
    }
}
