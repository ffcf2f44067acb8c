using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Transport.Streams;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>GraphQL over HTTP with the document in the URL.</summary>
internal sealed class PersistedOperationEndpoint(IServiceProvider services)
{
    private readonly GraphQLOverHttp http = new(ActivatorUtilities.CreateInstance<StreamServices>(services));

    public Task HandleAsync(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method))
            return http.HandlePostAsync(context);
        if (!HttpMethods.IsGet(context.Request.Method))
            return RefusalWriter.WriteAsync(context, Refusal.MethodNotAllowed("This URL accepts GET and POST.", allow: "GET, POST"), ResponseFormat.Json);
        context.Request.Query = AddressedDocument.Apply(context.Request);
        return http.HandleGetAsync(context);
    }
}
