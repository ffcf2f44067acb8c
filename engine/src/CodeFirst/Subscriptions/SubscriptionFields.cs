using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Gives subscription fields their source streams.</summary>
internal static partial class SubscriptionFields
{
    public static void Configure(SchemaDraft draft, FieldDescriptor field, MethodInfo method, SubscribeAttribute subscribe)
    {
        if (subscribe.With is { } name)
            FromMethod(draft, field, method.ReflectedType!.GetMethod(name,
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance)
                ?? throw new SchemaException($"[Subscribe] names {name}, which {method.ReflectedType!.Name} does not have."));
        else
            FromTopic(field, method);
    }

    private static void FromMethod(SchemaDraft draft, FieldDescriptor field, MethodInfo method)
    {
        Type returned = ClrShape.Awaited(method.ReturnType);
        Type? item = typeof(SharedSource).IsAssignableFrom(returned) ? typeof(object)
            : returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>) ? returned.GetGenericArguments()[0] : null;
        if (item is null)
            throw new SchemaException($"{method.Name} is a source stream and returns neither an IAsyncEnumerable nor a SharedSource.");
        CompiledResolver source = draft.Compiler.Compile(method, readsSequences: false);
        if (source.Surroundings.Count > 0)
            throw new SchemaException($"{method.Name} is a source stream, which outlives the services of one field: use a factory of the service instead.");

        foreach (ParameterInfo parameter in source.Arguments.Where(parameter => field.Arguments.All(argument => argument.Name != Naming.Argument(parameter))))
            field.Arguments.Add(draft.Fields.Argument(parameter, method));
        Func<object?, IAsyncEnumerable<object>> convert = Converter(item);
        field.Subscribe = async context => convert(await source.Resolve(context, null));
    }

    private static void FromTopic(FieldDescriptor field, MethodInfo method)
    {
        ParameterInfo message = Array.Find(method.GetParameters(), parameter => parameter.IsDefined(typeof(EventMessageAttribute)))
            ?? throw new SchemaException($"{method.Name} listens to a topic and has no parameter with [EventMessage].");
        string topic = method.GetCustomAttribute<TopicAttribute>()?.Name ?? method.Name;
        field.Subscribe = (SubscribeDelegate)typeof(SubscriptionFields).GetMethod(nameof(Listener), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(message.ParameterType).Invoke(null, [topic])!;
    }

    private static SubscribeDelegate Listener<T>(string topic) where T : notnull => async context =>
    {
        string name = Placeholder().Replace(
            topic, match => Convert.ToString(context.ArgumentValue<object?>(match.Groups[1].Value), CultureInfo.InvariantCulture) ?? "");
        ISourceStream<T> stream = await context.Services.GetRequiredService<ITopicEventReceiver>().SubscribeAsync<T>(name, context.RequestAborted);
        return Converter(typeof(T))(stream.ReadEventsAsync());
    };

    private static Func<object?, IAsyncEnumerable<object>> Converter(Type item) => item.IsValueType
        ? (Func<object?, IAsyncEnumerable<object>>)typeof(SubscriptionFields).GetMethod(nameof(BoxingConverter), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(item).Invoke(null, null)!
        : events => (IAsyncEnumerable<object>)events!;

    private static Func<object?, IAsyncEnumerable<object>> BoxingConverter<T>() => events => Boxed((IAsyncEnumerable<T>)events!);

    private static async IAsyncEnumerable<object> Boxed<T>(IAsyncEnumerable<T> events)
    {
        await foreach (T @event in events.ConfigureAwait(false))
            yield return @event!;
    }

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
