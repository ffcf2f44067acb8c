namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The deferred fragments around a position in the response, each with its group at the object where it started.</summary>
internal sealed class DeliveryScope(DeliveryScope? above, DeliveryGroup group)
{
    /// <summary>As deep as fragments are nested in the document.</summary>
    public static DeliveryGroup Find(DeliveryScope? scope, DeferUsage usage)
    {
        for (; scope is not null; scope = scope.Above)
        {
            if (scope.Group.Usage == usage)
                return scope.Group;
        }
        throw new InvalidOperationException("A deferred fragment is delivered outside of itself.");
    }

    private DeliveryScope? Above => above;
    private DeliveryGroup Group => group;
}
