using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using global::GraphQL;
using global::GraphQL.SystemTextJson;
using global::GraphQL.Transport;
using global::GraphQL.Types;
using GraphQLParser.AST;

namespace Mycelium.Bench.GraphQLNet;

/// <summary>One operation per POST. A document is parsed and validated once; after that only its variables are checked.</summary>
internal sealed class Endpoint(ISchema schema, Store store)
{
    private readonly DocumentExecuter executer = new();
    private readonly GraphQLSerializer json = new(options => options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
    private readonly ConcurrentDictionary<string, GraphQLDocument> documents = new(StringComparer.Ordinal);

    public async Task AnswerAsync(HttpContext context)
    {
        GraphQLRequest request = await json.ReadAsync<GraphQLRequest>(context.Request.Body, context.RequestAborted) ?? throw new BadHttpRequestException(
            "There is no request.");
        bool isKnown = documents.TryGetValue(request.Query!, out GraphQLDocument? document);
        ExecutionResult result = await executer.ExecuteAsync(new ExecutionOptions
        {
            Schema = schema,
            Query = request.Query,
            Document = document,
            ValidationRules = isKnown ? [] : null,
            Variables = request.Variables,
            Root = new Loaders(store),
            CancellationToken = context.RequestAborted,
        });
        if (!isKnown && result is { Executed: true, Document: { } parsed })
            documents.TryAdd(request.Query!, parsed);
        context.Response.ContentType = "application/json; charset=utf-8";
        await json.WriteAsync(context.Response.Body, result, context.RequestAborted);
    }
}
