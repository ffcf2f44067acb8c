using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>What all parts of one response may use together.</summary>
internal sealed class DeliveryBudget(RequestOptions options)
{
    public int BytesLeft { get; private set; } = options.ResponseBytesMax;

    /// <summary>Deliveries that are open in the graph.</summary>
    public int OpenCount { get; set; }

    /// <exception cref="ResponseTooLargeException">The parts are larger than a response may be.</exception>
    public void Spend(int bytes)
    {
        BytesLeft -= bytes;
        if (BytesLeft < 0)
            throw new ResponseTooLargeException();
    }

    /// <exception cref="TooManyDeliveriesException">This many more would exceed the limit.</exception>
    public void Check(int count)
    {
        if (OpenCount + count > options.PendingDeliveryCountMax)
            throw new TooManyDeliveriesException();
    }
}

/// <summary>More is pending than a request allows; the response is an error.</summary>
internal sealed class TooManyDeliveriesException : Exception;
