using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Configures the schema. It is built once, when first needed; a service with an invalid schema does not start.</summary>
public sealed class GraphQLServerBuilder
{
    internal GraphQLServerBuilder(IServiceCollection services) => Services = services;

    public IServiceCollection Services { get; }

    internal SchemaConfiguration Configuration { get; } = new();

    /// <summary>
    /// Adds everything the assembly marks with <c>[QueryType]</c>, <c>[MutationType]</c>, <c>[SubscriptionType]</c>, <c>[ObjectType]</c>,
    /// <c>[ExtendObjectType]</c>, <c>[InterfaceType]</c>, <c>[UnionType]</c> or <c>[Node]</c>. Members of unions are also looked up in it.
    /// </summary>
    public GraphQLServerBuilder AddTypes(Assembly assembly) => With(configuration => configuration.Assemblies.Add(assembly));

    public GraphQLServerBuilder AddQueryType<T>() => AddQueryType(typeof(T));
    public GraphQLServerBuilder AddQueryType(Type type) => With(configuration => configuration.Roots.Add((OperationType.Query, type)));
    public GraphQLServerBuilder AddMutationType<T>() => AddMutationType(typeof(T));
    public GraphQLServerBuilder AddMutationType(Type type) => With(configuration => configuration.Roots.Add((OperationType.Mutation, type)));
    public GraphQLServerBuilder AddSubscriptionType<T>() => AddSubscriptionType(typeof(T));
    public GraphQLServerBuilder AddSubscriptionType(Type type) => With(configuration => configuration.Roots.Add((OperationType.Subscription, type)));

    /// <summary>Adds a type that no field returns: an object, or an interface that objects then implement.</summary>
    public GraphQLServerBuilder AddType<T>() => With(configuration => configuration.Types.Add(typeof(T)));

    /// <summary>Adds a class marked <c>[ObjectType]</c> or <c>[ExtendObjectType]</c>.</summary>
    public GraphQLServerBuilder AddTypeExtension<T>() => AddTypeExtension(typeof(T));

    /// <inheritdoc cref="AddTypeExtension{T}"/>
    public GraphQLServerBuilder AddTypeExtension(Type type) => With(configuration => configuration.Extensions.Add(type));

    /// <summary>
    /// Shows a CLR type as a scalar. <see cref="AddTypeConverter{TFrom, TTo}"/> converts its values; a struct around one <c>Value</c> of the scalar's
    /// type needs no converters.
    /// </summary>
    public GraphQLServerBuilder BindRuntimeType<TClr, TScalar>() where TScalar : ScalarType, new() =>
        With(configuration => configuration.Bindings.Add(bindings => bindings.BindScalar(typeof(TClr), () => new TScalar())));

    /// <summary>
    /// Converts between a bound CLR type and the runtime type of its scalar. An <see cref="ArgumentException"/> or <see cref="OverflowException"/>
    /// rejects the client's value as out of range; a <see cref="CoercionException"/> gives its own reason.
    /// </summary>
    public GraphQLServerBuilder AddTypeConverter<TFrom, TTo>(Func<TFrom, TTo> convert) where TFrom : notnull where TTo : notnull =>
        With(configuration => configuration.Bindings.Add(bindings => bindings.AddConverter(typeof(TFrom), typeof(TTo), value => convert((TFrom)value))));

    /// <summary>
    /// Places values of a scalar's runtime type among those of a bound CLR type that cannot hold all of them. Filters can then compare with any value
    /// exactly, instead of rejecting the ones that the type cannot hold.
    /// </summary>
    /// <param name="floor">
    /// Returns the greatest value of <typeparamref name="TTo"/> that is not greater than the argument, or null when all are greater.
    /// </param>
    public GraphQLServerBuilder AddFloor<TFrom, TTo>(Func<TFrom, TTo?> floor) where TFrom : notnull where TTo : struct =>
        With(configuration => configuration.Bindings.Add(bindings => bindings.AddFloor(typeof(TTo), value => floor((TFrom)value))));

    /// <summary>
    /// Shows a CLR type as the global id of an object type wherever it is used. The id type of a node is bound automatically; so is the format of a
    /// struct around one <c>Value</c> that is a whole number, a UUID or a string.
    /// </summary>
    /// <param name="typeName">The object type that the id belongs to.</param>
    /// <param name="format">Writes the value, without the type's name.</param>
    /// <param name="parse">Reads the value; returns null when the text is not one.</param>
    public GraphQLServerBuilder AddIdConverter<TId>(string typeName, Func<TId, string>? format = null, Func<string, TId?>? parse = null) where TId : struct
    {
        IdCodec codec = format is not null && parse is not null
            ? new IdCodec(value => format((TId)value), text => parse(text))
            : IdCodec.For(typeof(TId)) ?? throw new ArgumentException($"{typeof(TId).Name} has no default format: pass one.", nameof(format));
        return With(
            configuration =>
                configuration.Bindings.Add(bindings => bindings.BindId(typeof(TId), new IdBinding(typeName, codec, HasOwnFormat: format is not null))));
    }

    /// <summary>
    /// The result of a field whose arguments break rules of their attributes (<see cref="System.ComponentModel.DataAnnotations.ValidationAttribute"/>
    /// on parameters and on members of inputs), if the field returns a union or interface of which <typeparamref name="TResult"/> is a member. Any
    /// other field returns errors with the code <see cref="ErrorCodes.BadUserInput"/>. At most 20 violations are reported.
    /// </summary>
    public GraphQLServerBuilder AddInvalidInputResult<TResult>(Func<IReadOnlyList<InputViolation>, TResult> make) where TResult : class =>
        With(configuration => configuration.InvalidInputResults.Add(new InvalidInputResult(typeof(TResult), make)));

    internal GraphQLServerBuilder AddParameterBinder(IParameterBinder binder) => With(configuration => configuration.Binders.Add(binder));

    /// <summary>
    /// Gives each execution of a field its own <typeparamref name="TService"/>, such as a database context from a pool. It is disposed when the
    /// field's value is complete: after filtering, paging and projection, with deferred sequences read to their end.
    /// </summary>
    public GraphQLServerBuilder RegisterPooledService<TService>(Func<IServiceProvider, CancellationToken, ValueTask<TService>> rent) where TService : class =>
        AddParameterBinder(new PooledServiceBinder<TService>(rent));

    /// <inheritdoc cref="RegisterPooledService{TService}(Func{IServiceProvider, CancellationToken, ValueTask{TService}})"/>
    public GraphQLServerBuilder RegisterPooledService<TService>(Func<IServiceProvider, TService> rent) where TService : class =>
        RegisterPooledService((services, _) => new ValueTask<TService>(rent(services)));

    /// <summary>
    /// Defines directives in SDL, such as <c>directive @tag(name: String!) repeatable on OBJECT</c>, for definitions to carry or documents to use.
    /// </summary>
    public GraphQLServerBuilder AddDirectives(string sdl) => With(configuration => configuration.Directives.Add(sdl));

    /// <summary>Applies directives to the schema itself.</summary>
    public GraphQLServerBuilder AddSchemaDirective(string syntax) => With(configuration => configuration.SchemaDirectives.Add(syntax));

    /// <summary>The description of the schema as a whole.</summary>
    public GraphQLServerBuilder SetSchemaDescription(string description) => With(configuration => configuration.Description = description);

    /// <summary>The description of the type whose fields are the queries, the mutations or the subscriptions.</summary>
    public GraphQLServerBuilder SetRootDescription(OperationType operation, string description) =>
        With(configuration => configuration.RootDescriptions[operation] = description);

    public GraphQLServerBuilder ModifyRequestOptions(Action<RequestOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>What operations may cost, and the weights of fields that do not set their own.</summary>
    public GraphQLServerBuilder ModifyCostOptions(Action<CostOptions> configure) => ModifyRequestOptions(options => configure(options.Cost));

    private GraphQLServerBuilder With(Action<SchemaConfiguration> configure)
    {
        configure(Configuration);
        return this;
    }
}
