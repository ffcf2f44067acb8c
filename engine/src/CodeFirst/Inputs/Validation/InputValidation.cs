using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Runs before a field's resolver and only lets valid arguments through. A field whose arguments have no rules is not wrapped.</summary>
/// <param name="answer">Turns the violations into a member of the field's result; null to report errors.</param>
internal sealed class InputValidation(ValueRules[] arguments, Func<IReadOnlyList<InputViolation>, object>? answer)
{
    /// <summary>Null when no argument has a rule.</summary>
    public static InputValidation? Of(FieldDescriptor field, IEnumerable<InvalidInputResult> results)
    {
        ValueRules[] rules = [.. field.Arguments.Select(argument => argument.Rules).OfType<ValueRules>()];
        return rules.Length == 0 ? null : new InputValidation(rules, results.FirstOrDefault(result => result.Fits(field.ResultType))?.Make);
    }

    public FieldDelegate Around(FieldDelegate next) => context =>
        Violations(context) is not { Count: > 0 } violations ? next(context)
        : answer is not null ? new ValueTask<object?>(answer(violations))
        : throw Refusal(violations);

    /// <summary>Before a stream starts there is no data yet, so violations are reported as errors.</summary>
    public SubscribeDelegate Around(SubscribeDelegate next) => context =>
        Violations(context) is { Count: > 0 } violations ? throw Refusal(violations) : next(context);

    private IReadOnlyList<InputViolation> Violations(ResolverContext context)
    {
        var check = new InputCheck(context.Services, context.RequestAborted);
        foreach (ValueRules rules in arguments)
        {
            if (!rules.IsOptional || context.HasArgument(rules.Name))
                rules.Check(context.ArgumentValue<object?>(rules.Name), context, ResponsePath.Root(rules.Name), check);
        }
        return check.Violations;
    }

    private static GraphQLException Refusal(IReadOnlyList<InputViolation> violations) => new([.. violations.Select(violation =>
        new GraphQLError(violation.Message, ErrorCodes.BadUserInput)
        {
            Extensions = new Dictionary<string, object?> { ["inputPath"] = violation.Path, ["rule"] = violation.Rule },
        })]);
}

/// <summary>A type that fields can return for invalid input.</summary>
internal sealed record InvalidInputResult(Type Type, Func<IReadOnlyList<InputViolation>, object> Make)
{
    /// <summary>Whether a field returns a union or interface that the type belongs to.</summary>
    public bool Fits(Type? resultType) => resultType is { IsInterface: true } && resultType.IsAssignableFrom(Type);
}
