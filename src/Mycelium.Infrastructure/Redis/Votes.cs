namespace Mycelium.Infrastructure.Redis;

/// <summary>What one master says to the question for several locks.</summary>
/// <param name="Answer">Whether it answered at all.</param>
/// <param name="Set">For each key, when it did: 1 when the lock is ours.</param>
internal readonly record struct Votes(Answer Answer, int[] Set)
{
    public Answer For(int key) => Answer != Answer.Yes ? Answer : Set[key] == 1 ? Answer.Yes : Answer.No;
}
