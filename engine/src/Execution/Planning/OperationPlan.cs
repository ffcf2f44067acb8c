using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>An operation ready to run. The sizes of earlier responses determine the size of the next buffer.</summary>
internal sealed class OperationPlan(OperationType operation, SelectionSetPlan root, CostPlan cost, bool isIncremental)
{
    private const int SizeHintMax = 1024 * 1024;

    public OperationType Operation { get; } = operation;
    public SelectionSetPlan Root { get; } = root;
    public CostPlan Cost { get; } = cost;

    /// <summary>Whether parts of the response may be delivered later.</summary>
    public bool IsIncremental { get; } = isIncremental;

    public int ResponseSizeHint { get; private set; } = 1024;
    public int SlotCountHint { get; private set; } = 4;

    public void Learn(int responseSize, int slotCount)
    {
        ResponseSizeHint = Math.Clamp(responseSize, ResponseSizeHint, Math.Max(ResponseSizeHint, SizeHintMax));
        SlotCountHint = Math.Max(SlotCountHint, slotCount);
    }
}
