using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Accounts;

[Collection(ApiCollection.Name)]
public sealed class PasswordQueueTests(ApiHost host)
{
    [Fact]
    public async Task Sign_ins_are_served_in_order()
    {
        using var queue = new PasswordQueue(atOnce: 1, waitingMax: 2);
        var first = new TaskCompletionSource<object?>();
        List<string> begun = [];
        Task<object?> Begin(string name, Task<object?> work) => CallAsync(queue, work, begin: () => begun.Add(name));

        Task<object?>[] all = [Begin("first", first.Task), Begin("second", Task.FromResult<object?>(null)), Begin("third", Task.FromResult<object?>(null))];

        Assert.Equal(["first"], begun);
        first.SetResult(null);
        await Task.WhenAll(all);
        Assert.Equal(["first", "second", "third"], begun);
    }

    [Fact]
    public async Task A_sign_in_that_finds_the_queue_full_is_refused_with_a_retry_time_and_checks_no_password()
    {
        using var queue = new PasswordQueue(atOnce: 1, waitingMax: 1);
        var first = new TaskCompletionSource<object?>();
        Task<object?> served = CallAsync(queue, first.Task);
        Task<object?> waiting = CallAsync(queue, Task.FromResult<object?>("waited"));
        var turnedAway = new DefaultHttpContext();

        object? answer = await CallAsync(queue, Task.FromException<object?>(new InvalidOperationException("It was checked.")), turnedAway);

        Assert.Equal(StatusCodes.Status429TooManyRequests, Assert.IsType<ProblemHttpResult>(answer).StatusCode);
        Assert.Equal("10", turnedAway.Response.Headers.RetryAfter);
        first.SetResult("first");
        Assert.Equal(["first", "waited"], await Task.WhenAll(served, waiting));
    }

    [Fact]
    public async Task A_caller_that_disconnects_leaves_the_queue()
    {
        using var queue = new PasswordQueue(atOnce: 1, waitingMax: 1);
        var first = new TaskCompletionSource<object?>();
        Task<object?> served = CallAsync(queue, first.Task);
        using var leaving = new CancellationTokenSource();
        Task<object?> disconnected = CallAsync(queue, Task.FromResult<object?>("left"), new DefaultHttpContext { RequestAborted = leaving.Token });

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => disconnected);
        Task<object?> next = CallAsync(queue, Task.FromResult<object?>("next"));
        first.SetResult("first");
        Assert.Equal(["first", "next"], await Task.WhenAll(served, next));
    }

    [Fact]
    public async Task Sign_ins_wait_in_the_queue_but_queries_and_token_refreshes_do_not()
    {
        await using Replica replica = host.StartReplica();
        Api anyone = host.Client(null, replica.Address);
        PasswordQueue queue = replica.Get<PasswordQueue>();
        var checking = new TaskCompletionSource<object?>();
        Task<object?>[] crowd = [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(_ => CallAsync(queue, checking.Task))];
        using var http = new HttpClient { BaseAddress = replica.Address };

        Task<HttpResponseMessage> signingIn = http.PostAsJsonAsync("/account/login", new { email = host.NewEmail(), password = ApiHost.Password });

        await Eventually.HoldsAsync(() => queue.WaitingCount == 1, "the sign-in waits");
        await anyone.DataAsync("{ streamCursor }");
        using HttpResponseMessage refreshing = await http.PostAsJsonAsync("/account/refresh", new { refreshToken = "none of ours" });
        Assert.Equal(HttpStatusCode.Unauthorized, refreshing.StatusCode);
        Assert.False(signingIn.IsCompleted);
        checking.SetResult(null);
        await Task.WhenAll(crowd);
        using HttpResponseMessage answer = await signingIn;
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static Task<object?> CallAsync(PasswordQueue queue, Task<object?> work, HttpContext? http = null, Action? begin = null) => queue.InvokeAsync(
        EndpointFilterInvocationContext.Create(http ?? new DefaultHttpContext()),
        _ =>
        {
            begin?.Invoke();
            return new ValueTask<object?>(work);
        }).AsTask();
}
