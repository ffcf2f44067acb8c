using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>One check of the arguments of one execution of a field.</summary>
internal sealed class InputCheck(IServiceProvider services, CancellationToken cancellation)
{
    /// <summary>
    /// Forms have fewer fields, and even if every regular expression times out, the check ends within two seconds. Further violations show up once
    /// these are fixed.
    /// </summary>
    public const int ViolationsMax = 20;

    private readonly List<InputViolation> violations = [];

    public IReadOnlyList<InputViolation> Violations => violations;

    public bool IsFull => violations.Count >= ViolationsMax;

    /// <summary>Checks the attributes in order. A text that already breaks a rule is not matched against a regular expression.</summary>
    /// <param name="owner">The input that has the value as a member, or the arguments: what an attribute sees as the instance.</param>
    public void Check(ValidationAttribute[] attributes, object? value, object owner, string name, ResponsePath path)
    {
        cancellation.ThrowIfCancellationRequested();
        int before = violations.Count;
        foreach (ValidationAttribute attribute in attributes)
        {
            if (IsFull || (attribute is RegularExpressionAttribute && violations.Count > before))
                return;
            if (Refusal(attribute, value, owner, name) is { } message)
                violations.Add(new InputViolation(path.ToList(), message, NameOf(attribute)));
        }
    }

    private string? Refusal(ValidationAttribute attribute, object? value, object owner, string name)
    {
        try
        {
            return attribute.GetValidationResult(value, new ValidationContext(owner, name, services, items: null)) is { } refusal
                ? refusal.ErrorMessage ?? attribute.FormatErrorMessage(name)
                : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return $"The field {name} could not be checked in time.";
        }
    }

    private static string NameOf(ValidationAttribute attribute)
    {
        string name = attribute.GetType().Name;
        return name.EndsWith(nameof(Attribute), StringComparison.Ordinal) ? name[..^nameof(Attribute).Length] : name;
    }
}
