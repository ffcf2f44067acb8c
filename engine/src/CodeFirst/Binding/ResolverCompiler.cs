using System.Linq.Expressions;
using System.Reflection;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>A method compiled into a resolver.</summary>
/// <param name="Arguments">The parameters that are arguments of the field.</param>
/// <param name="Surroundings">What binders wrap around the field, outermost first.</param>
internal sealed record CompiledResolver(BoundResolver Resolve, IReadOnlyList<ParameterInfo> Arguments, IReadOnlyList<FieldMiddleware> Surroundings);

/// <summary>Compiles methods into resolvers. Reflection ends here: a call costs what the method costs.</summary>
internal sealed class ResolverCompiler(IServiceProviderIsService services, IReadOnlyList<IParameterBinder> binders)
{
    private static readonly Dictionary<Type, string> ContextProperties = new()
    {
        [typeof(CancellationToken)] = nameof(ResolverContext.RequestAborted),
        [typeof(ClaimsPrincipal)] = nameof(ResolverContext.User),
        [typeof(IServiceProvider)] = nameof(ResolverContext.Services),
        [typeof(Schema)] = nameof(ResolverContext.Schema),
        [typeof(Selection)] = nameof(ResolverContext.Selection),
        [typeof(FieldDefinition)] = nameof(ResolverContext.Field),
    };

    /// <summary>Whether none of the method's parameters depends on the viewer.</summary>
    public static bool IsBlindToViewer(MethodInfo method) => Array.TrueForAll(method.GetParameters(), parameter =>
        parameter.ParameterType != typeof(ClaimsPrincipal) && parameter.ParameterType != typeof(ResolverContext)
            && parameter.ParameterType != typeof(IServiceProvider)
        && !parameter.IsDefined(typeof(GlobalStateAttribute)));

    /// <summary>Whether a parameter is an argument of the field, that is, supplied by nothing else.</summary>
    public bool IsArgument(ParameterInfo parameter) => Provided(parameter, Expression.Parameter(typeof(ResolverContext))) is null;

    /// <param name="supplied">A parameter whose value the caller supplies, such as the id of a node.</param>
    /// <param name="readsSequences">See <see cref="ResolverAdapter.Adapt"/>.</param>
    public CompiledResolver Compile(MethodInfo method, ParameterInfo? supplied = null, bool readsSequences = true)
    {
        if (method.ContainsGenericParameters)
            throw new SchemaException($"{method.DeclaringType!.Name}.{method.Name} is a generic method; a field needs a plain one.");
        if (method.ReturnType == typeof(void) || method.ReturnType == typeof(Task) || method.ReturnType == typeof(ValueTask))
            throw new SchemaException($"{method.DeclaringType!.Name}.{method.Name} returns nothing; a field needs a value.");

        ParameterExpression context = Expression.Parameter(typeof(ResolverContext), "context");
        ParameterExpression given = Expression.Parameter(typeof(object), "supplied");
        var arguments = new List<ParameterInfo>();
        var values = new List<Expression>();
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            Expression? value = parameter == supplied ? Expression.Convert(given, parameter.ParameterType) : Provided(parameter, context);
            if (value is null)
                arguments.Add(parameter);
            values.Add(value ?? Argument(parameter, context));
        }
        Expression call = Expression.Call(method.IsStatic ? null : Instance(method.ReflectedType!, context), method, values);
        return new CompiledResolver(ResolverAdapter.Adapt(call, context, given, readsSequences), arguments, Surroundings(method));
    }

    private List<FieldMiddleware> Surroundings(MethodInfo method) =>
        [.. method.GetParameters().DistinctBy(parameter => parameter.ParameterType)
            .Select(parameter => Binder(parameter)?.Surround(parameter)).OfType<FieldMiddleware>()];

    private IParameterBinder? Binder(ParameterInfo parameter) => binders.FirstOrDefault(binder => binder.CanBind(parameter));

    private Expression? Provided(ParameterInfo parameter, ParameterExpression context)
    {
        Type type = parameter.ParameterType;
        if (ContextProperties.TryGetValue(type, out string? property))
            return Expression.Property(context, property);
        if (type == typeof(ResolverContext))
            return context;
        if (parameter.IsDefined(typeof(ParentAttribute)) || parameter.IsDefined(typeof(EventMessageAttribute)))
            return Expression.Call(context, nameof(ResolverContext.Parent), [type]);
        if (parameter.GetCustomAttribute<GlobalStateAttribute>() is { } state)
            return Call(nameof(GlobalState), type, context, Expression.Constant(state.Key ?? parameter.Name!));
        if (typeof(IDataLoader).IsAssignableFrom(type))
            return Expression.Call(context, nameof(ResolverContext.DataLoader), [type]);
        if (Binder(parameter) is { } binder)
            return Expression.Convert(Expression.Invoke(Expression.Constant(binder.Bind(parameter)), context), type);
        if (parameter.IsDefined(typeof(ServiceAttribute)) || services.IsService(type))
            return Call(nameof(Service), type, context);
        return null;
    }

    private static MethodCallExpression Argument(ParameterInfo parameter, ParameterExpression context)
    {
        ConstantExpression name = Expression.Constant(Naming.Argument(parameter));
        return ClrShape.IsOptional(parameter.ParameterType)
            ? Call(nameof(OptionalArgument), parameter.ParameterType.GetGenericArguments()[0], context, name)
            : Expression.Call(context, nameof(ResolverContext.ArgumentValue), [parameter.ParameterType], name);
    }

    /// <summary>A registered class comes from the request's services; any other is created for each call, with what its constructor needs.</summary>
    private Expression Instance(Type type, ParameterExpression context)
    {
        if (services.IsService(type))
            return Call(nameof(Service), type, context);
        ObjectFactory make = ActivatorUtilities.CreateFactory(type, []);
        Func<ResolverContext, object> activate = at => make(at.Services, null);
        return Expression.Convert(Expression.Invoke(Expression.Constant(activate), context), type);
    }

    private static MethodCallExpression Call(string method, Type of, params Expression[] arguments) =>
        Expression.Call(typeof(ResolverCompiler).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(of), arguments);

    private static T Service<T>(ResolverContext context) where T : notnull => context.Services.GetRequiredService<T>();

    private static T? GlobalState<T>(ResolverContext context, string key) => context.ContextData.TryGetValue(key, out object? value) ? (T?)value : default;

    private static Optional<T> OptionalArgument<T>(ResolverContext context, string name) =>
        context.HasArgument(name) ? Optional<T>.Of(context.ArgumentValue<T>(name)) : default;
}
