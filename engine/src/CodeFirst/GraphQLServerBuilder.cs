using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Says what the schema is made of. The schema is made once, when it is first needed, and refuses to start a service that got it wrong.</summary>
public sealed class GraphQLServerBuilder
{
    internal GraphQLServerBuilder(IServiceCollection services) => Services = services;

    public IServiceCollection Services { get; }

    internal SchemaConfiguration Configuration { get; } = new();

    /// <summary>
    /// Adds what the assembly marks: <c>[QueryType]</c>, <c>[MutationType]</c>, <c>[SubscriptionType]</c>, <c>[ObjectType]</c>, <c>[ExtendObjectType]</c>,
    /// <c>[InterfaceType]</c>, <c>[UnionType]</c> and <c>[Node]</c>. Members of unions are sought in it too.
    /// </summary>
    public GraphQLServerBuilder AddTypes(Assembly assembly) => With(configuration => configuration.Assemblies.Add(assembly));

    public GraphQLServerBuilder AddQueryType<T>() => AddQueryType(typeof(T));
    public GraphQLServerBuilder AddQueryType(Type type) => With(configuration => configuration.Roots.Add((OperationType.Query, type)));
    public GraphQLServerBuilder AddMutationType<T>() => AddMutationType(typeof(T));
    public GraphQLServerBuilder AddMutationType(Type type) => With(configuration => configuration.Roots.Add((OperationType.Mutation, type)));
    public GraphQLServerBuilder AddSubscriptionType<T>() => AddSubscriptionType(typeof(T));
    public GraphQLServerBuilder AddSubscriptionType(Type type) => With(configuration => configuration.Roots.Add((OperationType.Subscription, type)));

    /// <summary>Adds a type although no field returns it: an object, or an interface that objects then implement.</summary>
    public GraphQLServerBuilder AddType<T>() => With(configuration => configuration.Types.Add(typeof(T)));

    /// <summary>Adds a class marked <c>[ObjectType]</c> or <c>[ExtendObjectType]</c>.</summary>
    public GraphQLServerBuilder AddTypeExtension<T>() => AddTypeExtension(typeof(T));

    /// <inheritdoc cref="AddTypeExtension{T}"/>
    public GraphQLServerBuilder AddTypeExtension(Type type) => With(configuration => configuration.Extensions.Add(type));

    /// <summary>
    /// Shows a CLR type as a scalar. Values are converted by <see cref="AddTypeConverter{TFrom, TTo}"/>; a struct around one <c>Value</c> of the scalar's type
    /// needs no converters.
    /// </summary>
    public GraphQLServerBuilder BindRuntimeType<TClr, TScalar>() where TScalar : ScalarType, new() =>
        With(configuration => configuration.Bindings.Add(bindings => bindings.BindScalar(typeof(TClr), () => new TScalar())));

    /// <summary>
    /// Converts between a bound CLR type and the runtime type of its scalar. An <see cref="ArgumentException"/> or <see cref="OverflowException"/> refuses
    /// the client's value as out of range; a <see cref="CoercionException"/> says why.
    /// </summary>
    public GraphQLServerBuilder AddTypeConverter<TFrom, TTo>(Func<TFrom, TTo> convert) where TFrom : notnull where TTo : notnull =>
        With(configuration => configuration.Bindings.Add(bindings => bindings.AddConverter(typeof(TFrom), typeof(TTo), value => convert((TFrom)value))));

    /// <summary>
    /// Says where values of a scalar's runtime type lie among those of a bound CLR type that has not all of them, so that filters compare with any of them exactly
    /// rather than refuse what the type cannot hold.
    /// </summary>
    /// <param name="floor">The greatest value of <typeparamref name="TTo"/> that is not greater; null when all are.</param>
    public GraphQLServerBuilder AddFloor<TFrom, TTo>(Func<TFrom, TTo?> floor) where TFrom : notnull where TTo : struct =>
        With(configuration => configuration.Bindings.Add(bindings => bindings.AddFloor(typeof(TTo), value => floor((TFrom)value))));

    /// <summary>
    /// Shows a CLR type as the global id of an object type wherever it is used. The id type of a node is bound by itself; so is how to write a struct
    /// around one <c>Value</c> of a whole number, a UUID or a string.
    /// </summary>
    /// <param name="typeName">The object type that the id is of.</param>
    /// <param name="format">Writes the value, without the type's name.</param>
    /// <param name="parse">Reads it, or gives null when the text is none.</param>
    public GraphQLServerBuilder AddIdConverter<TId>(string typeName, Func<TId, string>? format = null, Func<string, TId?>? parse = null) where TId : struct
    {
        IdCodec codec = format is not null && parse is not null
            ? new IdCodec(value => format((TId)value), text => parse(text))
            : IdCodec.For(typeof(TId)) ?? throw new ArgumentException($"How a {typeof(TId).Name} is written must be said.", nameof(format));
        return With(configuration => configuration.Bindings.Add(bindings => bindings.BindId(typeof(TId), new IdBinding(typeName, codec, HasOwnFormat: format is not null))));
    }

    /// <summary>
    /// What a field answers with when its arguments break rules of their attributes (<see cref="System.ComponentModel.DataAnnotations.ValidationAttribute"/> on
    /// parameters and on members of inputs), if its result is a union or interface of which <typeparamref name="TResult"/> is a member. Any other field answers
    /// with errors of the code <see cref="ErrorCodes.BadUserInput"/>. At most 20 violations are told.
    /// </summary>
    public GraphQLServerBuilder AddInvalidInputResult<TResult>(Func<IReadOnlyList<InputViolation>, TResult> make) where TResult : class =>
        With(configuration => configuration.InvalidInputResults.Add(new InvalidInputResult(typeof(TResult), make)));

    internal GraphQLServerBuilder AddParameterBinder(IParameterBinder binder) => With(configuration => configuration.Binders.Add(binder));

    /// <summary>
    /// Gives each execution of a field a <typeparamref name="TService"/> of its own, such as a database context from a pool, disposed when the field's value
    /// is complete: after filtering, paging and projection, with deferred sequences read to their end.
    /// </summary>
    public GraphQLServerBuilder RegisterPooledService<TService>(Func<IServiceProvider, CancellationToken, ValueTask<TService>> rent) where TService : class =>
        AddParameterBinder(new PooledServiceBinder<TService>(rent));

    /// <inheritdoc cref="RegisterPooledService{TService}(Func{IServiceProvider, CancellationToken, ValueTask{TService}})"/>
    public GraphQLServerBuilder RegisterPooledService<TService>(Func<IServiceProvider, TService> rent) where TService : class =>
        RegisterPooledService((services, _) => new ValueTask<TService>(rent(services)));

    /// <summary>Defines directives in SDL, such as <c>directive @tag(name: String!) repeatable on OBJECT</c>: those that definitions carry, or documents may use.</summary>
    public GraphQLServerBuilder AddDirectives(string sdl) => With(configuration => configuration.Directives.Add(sdl));

    /// <summary>Puts directives on the schema itself.</summary>
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

    /// <summary>What operations may cost, and what fields weigh that say nothing themselves.</summary>
    public GraphQLServerBuilder ModifyCostOptions(Action<CostOptions> configure) => ModifyRequestOptions(options => configure(options.Cost));

    private GraphQLServerBuilder With(Action<SchemaConfiguration> configure)
    {
        configure(Configuration);
        return this;
    }
}
